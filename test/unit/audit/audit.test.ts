import { PutObjectCommand } from '@aws-sdk/client-s3'
import { DeleteCommand, GetCommand, NumberValue, PutCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb'
import { createPublicKey, verify } from 'node:crypto'
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { runCommandLine } from '../../../audit/command-line.ts'
import { decisionLog } from '../../../lambdas/shared/adapters/decision-log/decision-log.ts'
import { dynamoDbLogStore } from '../../../lambdas/shared/adapters/decision-log/dynamodb-log-store.ts'
import { kmsSigner } from '../../../lambdas/shared/adapters/decision-log/kms-signer.ts'
import { s3ObjectStore } from '../../../lambdas/shared/adapters/s3-object-store.ts'
import { markKey, placeKey } from '../../../lambdas/shared/domain/decision-log/item-keys.ts'
import { sha256 } from '../../../lambdas/shared/domain/digest.ts'
import { evidenceKeys } from '../../../lambdas/shared/domain/object-keys.ts'
import { writeState } from '../../../local/cli/state-directory.ts'
import { GateWorld } from '../../support/gate-world.ts'
import { logKey, startStateStores, type StateStores } from '../../support/state-stores.ts'

const scratch = mkdtempSync(join(tmpdir(), 'lockgate-audit-'))
const whole = join(scratch, 'whole')
const bucket = 'lockgate-dev-evidence-000000000000'
const archive = 'lockgate-dev-archive-000000000000'
const logTable = 'lockgate-dev-log'
const artifact = 'export default "the definition"'
const about = { gate: '', evidenceKey: '', head: '', entries: 0 }

/** A migration of one stage, on whose evidence two people have decided, in the stores of a state directory. */
beforeAll(async () => {
  const world = new GateWorld({ quorum: { steward: 1, qa: 1 } })
  world.approvers = { steward: ['s@example.com'], qa: ['q@example.com'] }
  const fingerprint = sha256(artifact)
  world.run = { ...world.run, fingerprint }
  const { gate, evidence } = await world.judge({ fingerprint })
  await world.enter(gate)
  for (const address of ['s@example.com', 'q@example.com'])
    await world.decide(world.link(1, address), {
      decision: 'approve',
      reason: 'the figures | agree',
      evidence,
    })
  await world.act(gate)

  await writeState(whole, { migration: 'places' })
  const stores = await startStateStores(whole)
  const log = decisionLog({
    entries: dynamoDbLogStore(stores.tables, logTable),
    copies: s3ObjectStore(stores.objects, bucket),
    signer: kmsSigner(stores.kms, logKey.id),
  })
  for (const draft of world.log.events('places')) await log.append('places', draft)
  for (const [Key, Body] of world.evidence.objects)
    await stores.objects.send(new PutObjectCommand({ Bucket: bucket, Key, Body }))
  const Key = `artifacts/places/${fingerprint}.mjs`
  await stores.objects.send(new PutObjectCommand({ Bucket: archive, Key, Body: artifact }))
  const content = await world.theGate(gate)
  await put(stores, 'lockgate-dev-gates', { pk: `GATE#${gate}`, sk: 'GATE', revision: 1, content })
  const stage = await world.runs.stage('places', 'cities', 'pilot')
  await put(stores, 'lockgate-dev-checkpoints', {
    pk: 'MIGRATION#places',
    sk: 'STAGE#cities#pilot',
    content: stage,
  })
  const head = await log.head('places')
  Object.assign(about, {
    gate,
    evidenceKey: content.evidenceKey,
    head: `${head.length}:${head.hash}`,
    entries: head.length,
  })
  await stores.stop()
})
afterAll(() => rmSync(scratch, { recursive: true, force: true }))

const put = ({ tables }: StateStores, TableName: string, Item: Record<string, unknown>) =>
  tables.send(new PutCommand({ TableName, Item }))

let runs = 0
async function audit(state: string, ...more: string[]) {
  const said: string[] = []
  const say = (text: string) => void said.push(text)
  const to = join(scratch, `pack-${(runs += 1)}`)
  const code = await runCommandLine(['places', '--state', state, '--to', to, ...more], {
    screen: { line: say, progress: () => undefined, endProgress: () => undefined },
    ...{ print: say, printError: say, now: () => Date.UTC(2026, 0, 9), pause: async () => undefined },
  })
  return { code, said: said.join('\n'), to }
}

/** What the audit says after somebody has had the stores in hand. */
async function after(tamper: (stores: StateStores) => Promise<unknown>, ...more: string[]) {
  const state = join(scratch, `tampered-${(runs += 1)}`)
  cpSync(whole, state, { recursive: true })
  const stores = await startStateStores(state)
  await tamper(stores)
  await stores.stop()
  return audit(state, ...more)
}

test('a log that nobody touched agrees, and the pack can be verified by itself', async () => {
  const { code, said, to } = await audit(whole, '--head', about.head)
  expect(said).toContain(`places: ${about.entries} entries`)
  expect(said).toContain('Everything agrees.')
  expect(code).toBe(0)

  const sums = readFileSync(join(to, 'SHA256SUMS'), 'utf8').trimEnd().split('\n')
  for (const line of sums) {
    const [sum, path = ''] = line.split('  ')
    expect(sha256(readFileSync(join(to, path)))).toBe(sum)
  }
  const paths = sums.map((line) => line.split('  ')[1])
  expect(paths).toEqual(
    expect.arrayContaining([
      ...['README.md', 'findings.md', 'findings.json', 'log/log.md', 'log/log.jsonl', 'log/table.jsonl'],
      ...['keys/log-key.pem', about.evidenceKey, about.evidenceKey.replace('.json', '.html')],
      ...[`artifacts/places/${sha256(artifact)}.mjs`, evidenceKeys.logEntry('places', 1)],
    ]),
  )
  const key = createPublicKey(readFileSync(join(to, 'keys/log-key.pem')))
  let previous = '0'.repeat(64)
  for (let n = 1; n <= about.entries; n += 1) {
    const file = join(to, 'log/entries', String(n).padStart(12, '0'))
    const text = readFileSync(`${file}.json`)
    expect(verify('sha256', text, key, readFileSync(`${file}.sig`))).toBe(true)
    expect(JSON.parse(text.toString())).toMatchObject({ sequence: n, previous })
    previous = sha256(text)
  }
  expect(readFileSync(join(to, 'log/log.md'), 'utf8')).toContain('the figures &#124; agree')
})

describe('named, and where it is:', () => {
  const entryAt = (n: number) => ({ TableName: logTable, Key: { pk: 'LOG#places', sk: placeKey(n) } })
  const textAt = async ({ tables }: StateStores, n: number) =>
    String((await tables.send(new GetCommand(entryAt(n)))).Item?.['text'])
  const file = ({ buckets }: StateStores, where: string, key: string) =>
    buckets.path(buckets.index.get(where, key)?.file ?? '')
  const flip = async (stores: StateStores, where: string, key: string) => {
    const bytes = readFileSync(file(stores, where, key))
    bytes[bytes.length >> 1] = (bytes[bytes.length >> 1] ?? 0) ^ 4
    writeFileSync(file(stores, where, key), bytes)
  }
  const copyOf = (n: number) => evidenceKeys.logEntry('places', n)
  const gateAt = () => ({ TableName: 'lockgate-dev-gates', Key: { pk: `GATE#${about.gate}`, sk: 'GATE' } })
  const stageAt = (stage: string) => ({
    ...{
      TableName: 'lockgate-dev-checkpoints',
      Key: { pk: 'MIGRATION#places', sk: `STAGE#cities#${stage}` },
    },
  })
  const itemAt = async ({ tables }: StateStores, at: ReturnType<typeof gateAt>) =>
    (await tables.send(new GetCommand(at))).Item ?? {}
  const changeGate = async (stores: StateStores, changes: Record<string, unknown>) => {
    const Item = await itemAt(stores, gateAt())
    const content = { ...(Item['content'] as object), ...changes }
    await put(stores, gateAt().TableName, { ...Item, content })
  }
  const drop = async ({ buckets }: StateStores, key: string) => buckets.index.delete(bucket, key)

  const tamperings: [
    name: string,
    (stores: StateStores) => Promise<unknown>,
    said: string | (() => string),
  ][] = [
    [
      'an entry altered in the table',
      async (stores) => {
        const text = (await textAt(stores, 3)).replace('steward', 'Steward')
        await put(stores, logTable, { ...entryAt(3).Key, sequence: 3, text })
      },
      'ALTERED (table): entry 3 in the table has another content than its hash is of',
    ],
    [
      'an entry removed from the table',
      ({ tables }) => tables.send(new DeleteCommand(entryAt(2))),
      'MISSING (table): entry 2',
    ],
    [
      'the end cut off in the table',
      ({ tables }) => tables.send(new DeleteCommand(entryAt(5))),
      'CUT (table): the log ends with entry 5, and its table with entry 4',
    ],
    [
      'an entry added to the table',
      async (stores) =>
        put(stores, logTable, { ...entryAt(6).Key, sequence: 6, text: await textAt(stores, 5) }),
      'ADDED (table): entry 6 in the table was added behind the end of the log: it is entry 5, put in its place',
    ],
    [
      'two entries swapped in the table',
      async (stores) => {
        const [three, four] = [await textAt(stores, 3), await textAt(stores, 4)]
        await put(stores, logTable, { ...entryAt(3).Key, sequence: 3, text: four })
        await put(stores, logTable, { ...entryAt(4).Key, sequence: 4, text: three })
      },
      'MOVED (table): entry 3 in the table is entry 4, put in its place',
    ],
    [
      'an attribute added to an item',
      ({ tables }) => {
        const update = { UpdateExpression: 'SET note = :n', ExpressionAttributeValues: { ':n': 'x' } }
        return tables.send(new UpdateCommand({ ...entryAt(1), ...update }))
      },
      'ALTERED (table): the item ENTRY#000000000001',
    ],
    ['a copy altered', (stores) => flip(stores, bucket, copyOf(4)), 'ALTERED (copy): entry 4 in the copies'],
    ['a copy removed', (stores) => drop(stores, copyOf(1)), 'MISSING (copy): entry 1'],
    ['the last copy removed', (stores) => drop(stores, copyOf(5)), 'CUT (copy): the log ends with entry 5'],
    [
      'a mark removed',
      async (stores) => {
        const id = (JSON.parse(await textAt(stores, 2)) as { entry: { event: { id: string } } }).entry.event
          .id
        await stores.tables.send(
          new DeleteCommand({ TableName: logTable, Key: { pk: 'LOG#places', sk: markKey(id) } }),
        )
      },
      'MISSING (mark): entry 2 has no mark',
    ],
    [
      'evidence altered',
      (stores) => flip(stores, bucket, about.evidenceKey),
      () => `ALTERED (evidence): ${about.evidenceKey}, to which entry 1 refers`,
    ],
    [
      'evidence removed',
      (stores) => drop(stores, about.evidenceKey),
      () => `MISSING (evidence): ${about.evidenceKey}`,
    ],
    [
      'a report altered',
      (stores) => flip(stores, bucket, about.evidenceKey.replace('.json', '.html')),
      'ALTERED (report): ',
    ],
    [
      'an artifact altered',
      (stores) => flip(stores, archive, `artifacts/places/${sha256(artifact)}.mjs`),
      'ALTERED (artifact): ',
    ],
    [
      'a decision changed at the gate',
      async (stores) => {
        const Item = await itemAt(stores, gateAt())
        const text = JSON.stringify(Item).replaceAll('"q@example.com"', '"x@example.com"')
        await put(stores, gateAt().TableName, JSON.parse(text) as Record<string, unknown>)
      },
      'has a decision that the log does not have: approve by x@example.com as qa',
    ],
    [
      'a stage that passed by itself',
      async (stores) => {
        const update = {
          ...{
            UpdateExpression: 'SET content.evidence = :e',
            ExpressionAttributeValues: { ':e': 'a'.repeat(64) },
          },
          ...{
            TableName: 'lockgate-dev-checkpoints',
            Key: { pk: 'MIGRATION#places', sk: 'STAGE#cities#pilot' },
          },
        }
        await stores.tables.send(new UpdateCommand(update))
      },
      'DISAGREES (gate): stage pilot of cities is passed, and the log has no quorum-completed',
    ],
    [
      'a stage that passed by the gate of another',
      async (stores) => {
        const Item = await itemAt(stores, stageAt('pilot'))
        const content = { ...(Item['content'] as object), stage: 'full', fingerprint: '9'.repeat(64) }
        await put(stores, stageAt('full').TableName, { ...Item, ...stageAt('full').Key, content })
      },
      'DISAGREES (gate): stage full of cities is passed, and the log has no quorum-completed',
    ],
    [
      'the record of a stage at the place of another',
      async (stores) => {
        const Item = await itemAt(stores, stageAt('pilot'))
        await put(stores, stageAt('full').TableName, { ...Item, ...stageAt('full').Key })
      },
      'MOVED (gate): the item STAGE#cities#full is the record of stage pilot of cities, put in its place',
    ],
    [
      'a closed gate that is open again',
      (stores) => changeGate(stores, { status: 'open' }),
      () =>
        `DISAGREES (gate): gate ${about.gate} is open, and entry 5 (quorum-completed) by lockgate has closed`,
    ],
    [
      'the verdict of a gate',
      (stores) => changeGate(stores, { verdict: 'fail' }),
      () =>
        `DISAGREES (gate): gate ${about.gate} has the verdict fail, and by entry 1 (gate-opened) it is pass`,
    ],
    [
      'the item of a gate at the place of another',
      (stores) => changeGate(stores, { id: 'other' }),
      () => `MOVED (gate): the item of gate ${about.gate} is that of gate other, put in its place`,
    ],
  ]

  test.each(tamperings)('%s', async (_name, tamper, wanted) => {
    const { code, said, to } = await after(tamper)
    expect(said).toContain(typeof wanted === 'string' ? wanted : wanted())
    expect(code).toBe(1)
    expect(existsSync(join(to, 'findings.md'))).toBe(true)
  })

  test('the end cut off everywhere, by what a mail said', async () => {
    const cut = async (stores: StateStores) => {
      const id = (JSON.parse(await textAt(stores, 5)) as { entry: { event: { id: string } } }).entry.event.id
      await stores.tables.send(new DeleteCommand(entryAt(5)))
      await stores.tables.send(
        new DeleteCommand({ TableName: logTable, Key: { pk: 'LOG#places', sk: markKey(id) } }),
      )
      await drop(stores, copyOf(5))
    }
    const { code, said } = await after(cut, '--head', about.head)
    expect(said).toContain('CUT (mail): a mail says that the log had 5 entries')
    // Without a mail, the gate knows what closed it.
    expect(said).toContain('is approved, and the log has nothing that made it so')
    expect(code).toBe(1)
  })
})

describe('one thing that was added is named, and keeps nothing else from being looked at:', () => {
  const item = (sk: string, attributes: object) => (stores: StateStores) =>
    put(stores, logTable, { pk: 'LOG#places', sk, ...attributes })
  const object =
    (Key: string, Body: string | Buffer = 'x') =>
    ({ objects }: StateStores) =>
      objects.send(new PutObjectCommand({ Bucket: bucket, Key: `decision-log/places/${Key}`, Body }))
  const far = 999_999_999_999
  const precise = NumberValue.from('123456789012345678.5')

  test.each<[string, (stores: StateStores) => Promise<unknown>, string]>([
    [
      'an item at a place far behind',
      item(placeKey(far), { sequence: far, text: 'x' }),
      'ADDED (table): entry 999999999999 in the table was added behind the end of the log',
    ],
    [
      'an item at no place',
      item('ENTRY#abc', { sequence: 6, text: 'x' }),
      'ADDED (table): the item ENTRY#abc',
    ],
    ['an item behind all entries', item('ENTRY$', { note: 'x' }), 'ADDED (table): the item ENTRY$'],
    ['a number that is no double', item('NOTE', { precise }), 'ADDED (table): the item NOTE'],
    [
      'a text without canonical form',
      async (stores) => {
        const at = { TableName: logTable, Key: { pk: 'LOG#places', sk: placeKey(5) } }
        const text = String((await stores.tables.send(new GetCommand(at))).Item?.['text'])
        const spoilt = text.replace('"actor":"', String.raw`"actor":"\ud800`)
        await put(stores, logTable, { ...at.Key, sequence: 5, text: spoilt })
      },
      'ALTERED (table): entry 5 in the table has an unpaired surrogate',
    ],
    [
      'an object at a place far behind',
      object('999999999999.json'),
      'ADDED (copy): entry 999999999999 in the copies was added behind the end of the log',
    ],
    [
      'an object at no place',
      object('abc.json'),
      'ADDED (copy): decision-log/places/abc.json is among the copies, and has no name of one; the pack has it as added/decision-log/places/abc.json',
    ],
    [
      'an object whose name ends like a folder',
      object('000000000003.json/'),
      'ADDED (copy): decision-log/places/0000',
    ],
    [
      'an object within a copy',
      object('000000000003.json/x'),
      'ADDED (copy): decision-log/places/000000000003.json/x',
    ],
    ['a name that no file can have', object('x'.repeat(300)), 'the pack has it as others/'],
    [
      'a name of two lines',
      object('a\nEverything agrees.'),
      'places/a\\u{a}Everything agrees. is among the copies',
    ],
    [
      'a gate with a number that is no double',
      async (stores) => {
        const at = { TableName: 'lockgate-dev-gates', Key: { pk: `GATE#${about.gate}`, sk: 'GATE' } }
        const update = {
          UpdateExpression: 'SET content.opening = :n',
          ExpressionAttributeValues: { ':n': precise },
        }
        await stores.tables.send(new UpdateCommand({ ...at, ...update }))
      },
      'ALTERED (gate): the item GATE#',
    ],
  ])('%s', async (_name, add, wanted) => {
    const { code, said, to } = await after(add)
    expect(said).toContain(wanted)
    expect(said).toContain(
      `places: ${about.entries} entries, the last ${about.head.split(':')[1]}. 1 finding.`,
    )
    expect(code).toBe(1)
    expect(existsSync(join(to, evidenceKeys.logEntry('places', 3)))).toBe(true)
  })
})

test('of an object that is longer than any entry only the beginning is read', async () => {
  const Key = evidenceKeys.logEntry('places', 6)
  const Body = Buffer.alloc(3_000_000, ' ')
  const { said, to } = await after(({ objects }) =>
    objects.send(new PutObjectCommand({ Bucket: bucket, Key, Body })),
  )
  expect(said).toContain('ADDED (copy): entry 6 in the copies was added behind the end of the log')
  expect(statSync(join(to, Key)).size).toBe(400 * 1024)
})

test('what keeps an audit from being made is not a finding', async () => {
  const nowhere = await audit(join(scratch, 'nowhere'))
  expect(nowhere).toMatchObject({
    code: 3,
    said: expect.stringContaining('is not a state directory') as string,
  })
  const { to } = await audit(whole)
  const full = await runCommandLine(['places', '--state', whole, '--to', to], {
    screen: { line: () => undefined, progress: () => undefined, endProgress: () => undefined },
    ...{ print: () => undefined, printError: () => undefined, now: () => 0, pause: async () => undefined },
  })
  expect(full).toBe(3)
})

test.each([
  [['places', '--head', '3'], 2],
  [['places', '--head', `x:${'a'.repeat(64)}`], 2],
  [[], 2],
  [['places', '--colour'], 2],
  [['--help'], 0],
])('the command line %j ends with %i', async (argv, code) => {
  const said: string[] = []
  const say = (text: string) => void said.push(text)
  const screen = { line: say, progress: () => undefined, endProgress: () => undefined }
  expect(
    await runCommandLine(argv, {
      screen,
      print: say,
      printError: say,
      now: () => 0,
      pause: async () => undefined,
    }),
  ).toBe(code)
  if (code === 0) expect(said.join('\n')).toContain('Exit codes: 0 everything agrees')
})
