import { DeleteCommand, GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { markKey } from '../../../lambdas/shared/domain/decision-log/item-keys.ts'
import type { Finding } from '../../../lambdas/shared/domain/decision-log/finding.ts'
import { evidenceKeys } from '../../../lambdas/shared/domain/object-keys.ts'
import { effectsOf, stateNames } from '../../support/effects.ts'
import { GateWorld } from '../../support/gate-world.ts'
import { chances } from '../../support/profiles.ts'
import { entryAt, fingerprint, RunningSystem, type StoreRequest } from '../../support/running-system.ts'

const scratch = mkdtempSync(join(tmpdir(), 'lockgate-audited-'))
afterAll(() => rmSync(scratch, { recursive: true, force: true }))

const world = new GateWorld({ quorum: { steward: 1, qa: 1 } })
const effects = effectsOf(world)
let gate = ''

/** Put off, opened anew, measured again while it is open, and passed. */
beforeAll(async () => {
  world.approvers = { steward: ['s@example.com'], qa: ['q@example.com'] }
  const begin = (run: string) => {
    world.begin(run)
    world.run = { ...world.run, fingerprint }
  }
  const decide = async (who: string, decision: string) => {
    const { evidence } = await world.theGate(gate)
    const form = { decision, reason: 'as it should be', evidence }
    await world.decide(world.link(1, `${who}@example.com`), form)
  }
  begin('run-1')
  gate = (await world.judge({ fingerprint })).gate
  await world.enter(gate)
  await decide('s', 'approve')
  await decide('q', 'hold')
  await world.act(gate)
  begin('run-2')
  await world.enter(gate)
  await decide('s', 'approve')
  await decide('s', 'withdraw')
  await world.judge({ fingerprint, endedAt: '2026-01-01T00:00:30.000Z' })
  await world.enter(gate)
  await decide('s', 'approve')
  await decide('q', 'approve')
  await world.act(gate)
})

let systems = 0
const begun = () => RunningSystem.begin(effects, join(scratch, String((systems += 1))))

test.each(Array.from({ length: 14 }, (_, n) => n + 1))(
  'an audit of a system that runs finds nothing, whatever is written between its reads (seed %i)',
  async (seed) => {
    const chance = chances(seed)
    const running = await begun()
    await running.until(1 + Math.floor(chance() * 12))
    const most = 1 + Math.floor(chance() * 6)
    let requests = 0
    const found = await running.audit(async () => {
      requests += 1
      await running.goOn(Math.floor(chance() * most))
    })
    expect(found, `after ${requests} requests`).toEqual([])
    while (await running.goOn(1));
    expect(await running.audit(async () => undefined)).toEqual([])
    await running.stores.stop()
  },
)

const isQuery =
  (table: string, condition = '') =>
  ({ command, input }: StoreRequest) =>
    command === 'QueryCommand' &&
    input['TableName'] === table &&
    String(input['KeyConditionExpression']).includes(condition)
const isGate = ({ command, input }: StoreRequest) =>
  command === 'GetItemCommand' && input['TableName'] === stateNames.gates

/** All that is left of the course is written before one request, which is `when` the first time. */
test.each<[string, (request: StoreRequest, before: readonly StoreRequest[]) => boolean]>([
  ['the first entry is read', isQuery(stateNames.log, 'begins_with')],
  ['the stages are read', isQuery(stateNames.checkpoints)],
  ['the gate is read', isGate],
  [
    'the log is read after the gate',
    (request, before) => isQuery(stateNames.log)(request) && before.some(isGate),
  ],
])('an audit finds nothing where much is written before %s', async (_name, when) => {
  for (const entry of [2, 5, 7, 9]) {
    const running = await begun()
    await running.until(entry)
    await running.goOn(2)
    const before: StoreRequest[] = []
    let isDone = false
    const found = await running.audit(async (request) => {
      if (!isDone && when(request, before)) {
        isDone = true
        while (await running.goOn(1));
      }
      before.push(request)
    })
    expect(isDone).toBe(true)
    expect(found, `from entry ${entry}`).toEqual([])
    await running.stores.stop()
  }
})

describe('what is done to a log between two reads of an audit, while it grows, is found:', () => {
  const itemOf = (TableName: string, pk: string, sk: string) => ({ TableName, Key: { pk, sk } })
  const change = async (
    { stores }: RunningSystem,
    at: ReturnType<typeof itemOf>,
    changed: (content: Record<string, unknown>) => Record<string, unknown>,
    sk = at.Key.sk,
  ) => {
    const { Item = {} } = await stores.tables.send(new GetCommand(at))
    const content = changed(Item['content'] as Record<string, unknown>)
    await stores.tables.send(new PutCommand({ TableName: at.TableName, Item: { ...Item, sk, content } }))
  }
  const gateItem = () => itemOf(stateNames.gates, `GATE#${gate}`, 'GATE')
  const pilot = itemOf(stateNames.checkpoints, 'MIGRATION#places', 'STAGE#cities#pilot')

  const tamperings: [
    name: string,
    when: (request: StoreRequest) => boolean,
    tamper: (running: RunningSystem) => Promise<unknown>,
    wanted: Partial<Finding>,
  ][] = [
    [
      'the copy of an entry that was appended since the copies were read',
      isQuery(stateNames.log),
      async (running) => {
        await running.until(8)
        running.stores.buckets.index.delete(stateNames.evidence, evidenceKeys.logEntry('places', 6))
      },
      { kind: 'missing', side: 'copy', entry: 6 },
    ],
    [
      'the mark of an entry that was appended since the marks were read',
      isQuery(stateNames.log, 'begins_with'),
      async (running) => {
        await running.until(8)
        const { entry } = JSON.parse((await running.text(6)) ?? '') as { entry: { event: { id: string } } }
        const sk = markKey(entry.event.id)
        await running.stores.tables.send(new DeleteCommand(itemOf(stateNames.log, 'LOG#places', sk)))
      },
      { kind: 'missing', side: 'mark', entry: 6 },
    ],
    [
      'an entry that was appended since, altered',
      isQuery(stateNames.log),
      async (running) => {
        await running.until(8)
        const text = (await running.text(6))?.replace('lockgate', 'Lockgate')
        const { TableName, Key } = entryAt(6)
        await running.stores.tables.send(new PutCommand({ TableName, Item: { ...Key, sequence: 6, text } }))
      },
      { kind: 'altered', side: 'table', entry: 6 },
    ],
    [
      'the end of the table, cut off after the copies were read',
      isQuery(stateNames.log),
      ({ stores }) => stores.tables.send(new DeleteCommand(entryAt(5))),
      { kind: 'cut', side: 'table', entry: 5 },
    ],
    [
      'a gate that was closed since, and set back to open',
      isGate,
      async (running) => {
        while (await running.goOn(1));
        await change(running, gateItem(), (content) => ({ ...content, status: 'open' }))
      },
      { kind: 'disagrees', side: 'gate', at: '' },
    ],
    [
      'a decision that was taken since, and taken away',
      isGate,
      async (running) => {
        while (await running.goOn(1));
        await change(running, gateItem(), (content) => ({ ...content, decisions: [] }))
      },
      { kind: 'disagrees', side: 'gate', at: '' },
    ],
    [
      'the verdict on evidence that changed since',
      isGate,
      async (running) => {
        while (await running.goOn(1));
        await change(running, gateItem(), (content) => ({ ...content, verdict: 'breach' }))
      },
      {
        ...{ kind: 'disagrees', side: 'gate', at: '' },
        message: expect.stringMatching(
          /has the verdict breach, and by its evidence [0-9a-f]{64} it is pass$/,
        ) as string,
      },
    ],
    [
      'a stage that passes by what was decided for another since',
      isQuery(stateNames.checkpoints),
      async (running) => {
        while (await running.goOn(1));
        await change(running, pilot, (content) => ({ ...content, stage: 'full' }), 'STAGE#cities#full')
      },
      { kind: 'disagrees', side: 'gate', at: 'cities / full' },
    ],
  ]

  test.each(tamperings)('%s', async (_name, when, tamper, wanted) => {
    const running = await begun()
    await running.until(5)
    await running.goOn(2)
    let isDone = false
    const found = await running.audit(async (request) => {
      if (isDone || !when(request)) return
      isDone = true
      await tamper(running)
    })
    expect(isDone).toBe(true)
    const at = wanted.at === '' ? gate : wanted.at
    expect(found).toContainEqual(expect.objectContaining({ ...wanted, ...(at !== undefined && { at }) }))
    await running.stores.stop()
  })
})
