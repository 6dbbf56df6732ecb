import { afterEach, beforeEach, expect, test } from 'vitest'
import { World, call } from './support.ts'

let world: World
beforeEach(() => {
  world = new World()
})
afterEach(async () => {
  expect(world.problems).toEqual([])
  await world.dispose()
})

// Two bytes each in UTF-8; with the quotes exactly 262,144 bytes.
const full = 'ä'.repeat(131_071)

test("Limits: a payload of 262,144 bytes in UTF-8 passes, one more is States.DataLimitExceeded (developer guide, 'Quotas')", async () => {
  const task = { T: call({ Output: null }) }
  expect((await world.run({ P: { Type: 'Pass', End: true } }, full)).facts.status).toBe('SUCCEEDED')
  const over = { P: { Type: 'Pass', Output: '{% $states.input & "a" %}', End: true } }
  expect((await world.run(over, full)).facts.error).toBe('States.DataLimitExceeded')
  expect((await world.run(task, full)).facts.error).toBe('States.DataLimitExceeded')
})

test('Limits: an input over the limit cannot start an execution (API reference, StartExecution)', () => {
  const arn = world.register({ P: { Type: 'Pass', End: true } })
  const start = () => world.engine.startExecution({ stateMachineArn: arn, input: `${full}a` })
  expect(start).toThrow(expect.objectContaining({ type: 'InvalidExecutionInput' }))
})

test("Limits: an execution fails at 25,000 events of history (developer guide, 'Quotas')", async () => {
  const { facts } = await world.run({
    A: { Type: 'Pass', Assign: { n: '{% $exists($n) ? $n + 1 : 0 %}' }, Next: 'C' },
    C: { Type: 'Choice', Choices: [{ Condition: '{% true %}', Next: 'A' }] },
  })
  expect(facts).toMatchObject({ status: 'FAILED', error: 'States.Runtime' })
  const events = world.engine.history(facts.arn)
  expect(events).toHaveLength(25_000)
  expect(events.at(-1)).toMatchObject({ id: 25_000, type: 'ExecutionFailed' })
  await expect(world.engine.redriveExecution(facts.arn)).rejects.toMatchObject({
    type: 'ExecutionNotRedrivable',
  })
})

test("Limits: all variables together may have 10 MiB (developer guide, 'Workflow variables')", async () => {
  const names = Array.from({ length: 44 }, (_, index) => `v${index}`)
  const assign = (name: string, at: number) => ({
    Type: 'Pass',
    Assign: { [name]: '{% $states.input %}' },
    ...(at === names.length - 1 ? { End: true } : { Next: names[at + 1] ?? '' }),
  })
  const { facts } = await world.run(
    Object.fromEntries(names.map((name, at) => [name, assign(name, at)])),
    'x'.repeat(250_000),
  )
  expect(facts.error).toBe('States.DataLimitExceeded')
  expect(world.engine.execution(facts.arn).flow('')?.state).toBe('v41')
})
