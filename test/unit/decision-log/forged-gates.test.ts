import { expect, test } from 'vitest'
import type { AuditedGate } from '../../../lambdas/shared/domain/decision-log/audited-gate.ts'
import { verifyStage } from '../../../lambdas/shared/domain/decision-log/verify-stages.ts'
import { stageKey, type StageRecord } from '../../../lambdas/shared/domain/stage-record.ts'
import { auditedOf, entriesOf, foundAt } from '../../support/gate-audit.ts'
import { GateWorld, hour } from '../../support/gate-world.ts'

const failing = { batches: { total: 2, done: 1, failed: 1, unfinished: 0 } }

async function opened(changes = {}) {
  const world = new GateWorld({ quorum: { steward: 1, qa: 1 }, override: 'owner' })
  world.approvers = { steward: ['s@example.com'], qa: ['q@example.com'], owner: ['o@example.com'] }
  const { gate } = await world.judge(changes)
  await world.enter(gate)
  const decide = async (who: string, decision: string) => {
    const { evidence } = await world.theGate(gate)
    const form = { decision, reason: 'as it should be', evidence }
    await world.decide(world.link(1, `${who}@example.com`), form)
  }
  return { world, gate, decide }
}

async function approved() {
  const course = await opened()
  await course.decide('s', 'approve')
  await course.decide('q', 'approve')
  await course.world.act(course.gate)
  return course
}

async function rolledBack() {
  const course = await opened()
  await course.decide('o', 'rollback')
  await course.world.act(course.gate)
  return course
}

/** One has approved before it was put off; in its second opening nobody has yet. */
async function reopened() {
  const course = await opened()
  await course.decide('s', 'approve')
  await course.decide('q', 'hold')
  const first = await auditedOf(course.world, course.gate)
  course.world.begin('run-2')
  await course.world.enter(course.gate)
  return { ...course, first }
}

const messages = async (
  { world, gate }: { world: GateWorld; gate: string },
  change?: (gate: AuditedGate) => AuditedGate,
) => (await foundAt(world, gate, change)).map(({ message }) => message)

const is = (wanted: string) => [expect.stringContaining(wanted) as string]

test('a closed gate that is open again is named, with what has closed it', async () => {
  const course = await rolledBack()
  expect(await messages(course, (gate) => ({ ...gate, status: 'open' }))).toEqual([
    `gate ${course.gate} is open, and entry 3 (rolled-back) by o@example.com has closed its opening 1`,
  ])
  const emptied = await messages(course, (gate) => ({ ...gate, status: 'open', decisions: [] }))
  expect(emptied).toHaveLength(2)
  expect(await foundAt(course.world, course.gate, (gate) => ({ ...gate, status: 'open' }))).toMatchObject([
    { kind: 'disagrees', side: 'gate', at: course.gate, entry: 3 },
  ])
})

test('whatever is decided in an opening that was closed is named, entry by entry', async () => {
  const course = await rolledBack()
  await course.world.gates.updateGate(course.gate, (gate) => ({ ...gate, status: 'open' }))
  await course.decide('s', 'approve')
  await course.decide('q', 'approve')
  expect(await foundAt(course.world, course.gate)).toMatchObject(
    [4, 5, 6].map((entry) => ({ kind: 'disagrees', side: 'gate', entry })),
  )
  expect((await messages(course))[0]).toBe(
    `entry 4 (approved) by s@example.com came after entry 3 (rolled-back) had closed opening 1 of gate ${course.gate}`,
  )
})

test('a gate that was put back to an earlier opening is named', async () => {
  const course = await reopened()
  expect(await messages(course, () => course.first)).toEqual(
    is('is in opening 1, and entry 5 (gate-opened) is of its opening 2: its item was put back'),
  )
})

test('a gate in an opening of which the log has nothing is named', async () => {
  expect(await messages(await opened(), (gate) => ({ ...gate, opening: 4 }))).toEqual(
    is('is in opening 4, and the log has nothing that opened it'),
  )
})

test('a verdict that is not that of the evidence is named, by whichever of the two has it', async () => {
  const failed = await opened(failing)
  expect(await messages(failed, (gate) => ({ ...gate, verdict: 'pass' }))).toEqual([
    `gate ${failed.gate} has the verdict pass, and by entry 1 (gate-opened) it is fail`,
  ])
  const changed = await opened()
  await changed.world.judge(failing)
  expect(await messages(changed, (gate) => ({ ...gate, verdict: 'pass' }))).toEqual([
    `gate ${changed.gate} has the verdict pass, and by its evidence it is fail`,
  ])
})

test.each([
  ['evidence', 'e'.repeat(64)],
  ['evidenceKey', 'evidence/elsewhere.json'],
  ['segment', 'rivers'],
  ['stage', 'full'],
  ['fingerprint', 'f'.repeat(64)],
])('an open gate with another %s than it was opened with is named', async (field, value) => {
  const course = await opened()
  expect(await messages(course, (gate) => ({ ...gate, [field]: value }))).toEqual(
    is(`has the ${field} ${value}, and what opened it has `),
  )
})

test('an approval of an earlier opening does not count in a later one', async () => {
  const moved = (gate: AuditedGate) => ({
    ...gate,
    decisions: gate.decisions.map((decision) => ({ ...decision, opening: 2 })),
  })
  const found = await messages(await reopened(), moved)
  expect(found[0]).toContain('has a decision that the log does not have: approve by s@example.com as steward')
})

test('decisions in another order are named: the newest word of a person counts', async () => {
  const course = await opened()
  await course.decide('s', 'approve')
  await course.decide('s', 'withdraw')
  const turned = await messages(course, (gate) => ({ ...gate, decisions: gate.decisions.toReversed() }))
  expect(turned).toEqual(is('has the decisions of opening 1 in another order or number than the log'))
})

test('nobody has decided but by an expiry, and that to what the log says', async () => {
  const course = await opened()
  const [at, evidence] = [1, (await auditedOf(course.world, course.gate)).evidence]
  const nobody = { address: 'lockgate', role: 'steward', reason: 'x', evidence, at, opening: 1 }
  const forged = await messages(course, (gate) => ({
    ...gate,
    decisions: [{ ...nobody, decision: 'approve' }],
  }))
  expect(forged).toEqual(is('has a decision that the log does not have: approve by lockgate'))

  course.world.clock.time += 100 * hour
  await course.world.enter(course.gate)
  const other = await messages(course, (gate) => ({
    ...gate,
    status: 'repair',
    decisions: gate.decisions.map((decision) => ({ ...decision, decision: 'repair' })),
  }))
  expect(other).toHaveLength(3)
  expect(other.at(-1)).toContain('is repair, and the log has nothing that made it so')
})

test('a decision at a moment that is none is named as well', async () => {
  const late = (gate: AuditedGate) => ({
    ...gate,
    decisions: gate.decisions.map((decision) => ({ ...decision, at: 9e15 })),
  })
  expect((await messages(await approved(), late))[0]).toContain('at 9000000000000000 ms')
})

async function passed() {
  const course = await approved()
  const record = await course.world.runs.stage('places', 'cities', 'pilot')
  if (!record) throw new Error('no record')
  const found = (changes: Partial<StageRecord>, key?: string) => {
    const forged = { ...record, ...changes }
    return verifyStage(key ?? stageKey(forged), forged, entriesOf(course.world))
  }
  return { ...course, record, found }
}

test('a stage does not pass by the gate of another stage, segment or definition', async () => {
  const { found, gate } = await passed()
  expect(found({})).toEqual([])
  for (const forged of [{ stage: 'full' }, { segment: 'rivers' }, { fingerprint: '9'.repeat(64) }]) {
    expect(found(forged)).toMatchObject([{ kind: 'disagrees', side: 'gate' }])
    expect(found(forged)[0]?.message).toContain(`the log has no quorum-completed of its gate ${gate} on its`)
  }
  expect(found({ stage: 'full' })[0]?.message).toContain(
    'what closed that gate last is entry 5 (quorum-completed), of stage pilot of cities, definition a1a1',
  )
  expect(found({ status: 'overridden' })).toMatchObject([{ kind: 'disagrees', at: 'cities / pilot' }])
})

test('a record that lies at the place of another stage is named', async () => {
  const { found } = await passed()
  expect(found({}, 'STAGE#cities#full')).toEqual([
    {
      ...{ kind: 'moved', side: 'gate', at: 'STAGE#cities#full' },
      message: 'the item STAGE#cities#full is the record of stage pilot of cities, put in its place',
    },
  ])
})

test('a record of a gate that the log does not know is named, whatever its status', async () => {
  const { found } = await passed()
  for (const status of ['judged', 'passed'] as const)
    expect(found({ status, gate: 'x'.repeat(3000) })).toMatchObject([
      {
        kind: 'disagrees',
        message: `stage pilot of cities is at gate ${'x'.repeat(3000)}, of which the log has nothing`,
      },
    ])
})

test('a record that was put back to before its gate was closed otherwise is named', async () => {
  const { world, gate, decide, found } = await passed()
  await world.judge(failing)
  await world.enter(gate)
  await decide('o', 'rollback')
  await world.act(gate)
  expect(found({})).toMatchObject([{ kind: 'disagrees', at: 'cities / pilot' }])
  expect(found({})[0]?.message).toMatch(/what closed that gate last is entry \d+ \(rolled-back\)/)
})
