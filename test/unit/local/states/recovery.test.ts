import { spawn } from 'node:child_process'
import { appendFileSync, readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Json } from '../../../../local/states/json.ts'
import { FunctionError, MACHINE, World, call, callback, idle, tokenOf } from './support.ts'

let world: World
beforeEach(() => {
  world = new World()
})
afterEach(async () => {
  expect(world.problems).toEqual([])
  await world.dispose()
})

const payloads = () => world.invocations.map(({ payload }) => payload)
const never = () => new Promise<never>(() => undefined)

async function restartAndRecover(): Promise<void> {
  await world.restart()
  world.engine.recover()
}

test('Recovery: finished states are not run again, a task in flight is called again with the same arguments', async () => {
  world.work = (payload) => (payload === 'first' ? 'second' : never())
  const arn = world.register({
    A: call({ Assign: { n: 1 }, Next: 'B' }),
    B: call({ Output: ['{% $states.result.Payload %}', '{% $n %}'] }),
  })
  const { facts } = world.engine.startExecution({ stateMachineArn: arn, input: 'first' })
  await idle()
  world.work = () => 'third'
  await restartAndRecover()
  expect((await world.engine.ended(facts.arn)).facts.output).toEqual(['third', 1])
  expect(payloads()).toEqual(['first', 'second', 'second'])
  expect(world.types(facts.arn).filter((type) => type === 'TaskScheduled')).toHaveLength(2)
})

test('Recovery: nothing runs before recover, and closing fails no execution', async () => {
  world.work = never
  const { facts } = world.engine.startExecution({ stateMachineArn: world.register({ A: call() }) })
  await idle()
  await world.restart()
  await idle()
  expect(world.invocations).toHaveLength(1)
  expect(world.engine.execution(facts.arn).facts.status).toBe('RUNNING')
})

test('Recovery: a task that waits keeps its token, and its function is not called again', async () => {
  const { facts } = world.engine.startExecution({ stateMachineArn: world.register({ T: callback() }) })
  await idle()
  const token = tokenOf(world)
  await restartAndRecover()
  await idle()
  world.engine.sendTaskSuccess(token, '"late"')
  expect((await world.engine.ended(facts.arn)).facts.output).toBe('late')
  expect(world.invocations).toHaveLength(1)
})

test('Recovery: a callback is on disk when it is acknowledged', async () => {
  const { facts } = world.engine.startExecution({ stateMachineArn: world.register({ T: callback() }) })
  await idle()
  world.engine.sendTaskSuccess(tokenOf(world), '"kept"')
  // Closing at once keeps the flow from going on.
  await restartAndRecover()
  expect((await world.engine.ended(facts.arn)).facts.output).toBe('kept')
})

test('Recovery: a callback is accepted before the flow has come back to its task', async () => {
  const { facts } = world.engine.startExecution({ stateMachineArn: world.register({ T: callback() }) })
  await idle()
  await restartAndRecover()
  world.engine.sendTaskSuccess(tokenOf(world), '"soon"')
  expect((await world.engine.ended(facts.arn)).facts.output).toBe('soon')
})

test('Recovery: a Wait keeps its end', async () => {
  world.clock.auto = false
  const { facts } = world.engine.startExecution({
    stateMachineArn: world.register({ W: { Type: 'Wait', Seconds: 100, End: true } }),
  })
  await idle()
  world.clock.time += 70_000
  await restartAndRecover()
  await idle()
  expect(world.clock.slept.at(-1)).toBe(30_000)
  await world.clock.advance(30_000)
  expect(world.engine.execution(facts.arn).facts.status).toBe('SUCCEEDED')
})

test('Recovery: timeouts of the task, of its heartbeat and of the machine keep their deadlines', async () => {
  world.clock.auto = false
  const start = (name: string, more: object, machine = {}) => {
    const arn = world.register({ T: { ...callback(), ...more } }, machine, name)
    return world.engine.startExecution({ stateMachineArn: arn }).facts.arn
  }
  const task = start('task', { TimeoutSeconds: 100 })
  const beat = start('beat', { TimeoutSeconds: 500, HeartbeatSeconds: 100 })
  const whole = start('whole', {}, { TimeoutSeconds: 100 })
  await idle()
  world.clock.time += 99_000
  await restartAndRecover()
  await idle()
  await world.clock.advance(1_000)
  await idle()
  const ended = [task, beat, whole].map((arn) => world.engine.execution(arn).facts)
  expect(ended.map(({ status, error }) => [status, error])).toEqual([
    ['FAILED', 'States.Timeout'],
    ['FAILED', 'States.HeartbeatTimeout'],
    ['TIMED_OUT', 'States.Timeout'],
  ])
})

test('Recovery: retry counts and the time of the next attempt are kept', async () => {
  world.clock.auto = false
  world.work = () => {
    throw new FunctionError('Flaky', 'no')
  }
  const retry = [{ ErrorEquals: ['Flaky'], IntervalSeconds: 10, MaxAttempts: 2 }]
  const { facts } = world.engine.startExecution({
    stateMachineArn: world.register({ T: call({ Retry: retry }) }),
  })
  await idle()
  await world.clock.advance(10_000)
  await world.clock.advance(5_000)
  await restartAndRecover()
  await idle()
  expect(world.clock.slept.at(-1)).toBe(15_000)
  await world.clock.advance(15_000)
  expect(world.engine.execution(facts.arn).facts).toMatchObject({ status: 'FAILED', error: 'Flaky' })
  expect(world.invocations).toHaveLength(3)
})

const mode = { ProcessorConfig: { Mode: 'DISTRIBUTED', ExecutionType: 'STANDARD' } }

test.each([
  ['an inline Map', {}],
  ['a distributed Map', mode],
])('Recovery: finished iterations of %s are not run again', async (_, config) => {
  world.work = (payload) => ((payload as number) < 3 ? payload : never())
  const processor = { ...config, StartAt: 'T', States: { T: call() } }
  const map = { Type: 'Map', Items: [1, 2, 3, 4], MaxConcurrency: 1, ItemProcessor: processor, End: true }
  const { facts } = world.engine.startExecution({ stateMachineArn: world.register({ M: map }) })
  await idle(60)
  world.work = (payload) => payload
  await restartAndRecover()
  expect((await world.engine.ended(facts.arn)).facts.output).toEqual([1, 2, 3, 4])
  expect(payloads()).toEqual([1, 2, 3, 3, 4])
})

test('Recovery: the items of a Map Run are those that were read when it began', async () => {
  world.objects.set('b/k', '1\n2\n')
  world.work = never
  const reader = {
    Resource: 'arn:aws:states:::s3:getObject',
    Arguments: { Bucket: 'b', Key: 'k' },
    ReaderConfig: { InputType: 'JSONL' },
  }
  const processor = { ...mode, StartAt: 'T', States: { T: call() } }
  const map = { Type: 'Map', ItemReader: reader, MaxConcurrency: 1, ItemProcessor: processor, End: true }
  const { facts } = world.engine.startExecution({ stateMachineArn: world.register({ M: map }) })
  await idle(60)
  world.objects.set('b/k', '8\n9\n10\n')
  world.work = (payload) => payload
  await restartAndRecover()
  expect((await world.engine.ended(facts.arn)).facts.output).toEqual([1, 2])
})

test('Recovery: a nested execution goes on, and is not started twice', async () => {
  world.work = never
  const inner = world.register({ T: call() }, {}, 'inner')
  const outer = world.register({
    N: {
      Type: 'Task',
      Resource: 'arn:aws:states:::states:startExecution.sync:2',
      Arguments: { StateMachineArn: inner, Name: 'child' },
      Output: '{% $states.result.Output %}',
      End: true,
    },
  })
  const { facts } = world.engine.startExecution({ stateMachineArn: outer })
  await idle()
  world.work = () => 'inner'
  await world.restart()
  world.register({ T: call() }, {}, 'inner')
  world.engine.recover()
  expect((await world.engine.ended(facts.arn)).facts.output).toBe('inner')
  expect(world.engine.executions({ stateMachineArn: inner })).toHaveLength(1)
})

test('Recovery: a torn last line of a journal is cut off, and the step it told is taken again', async () => {
  world.work = never
  const { facts } = world.engine.startExecution({ stateMachineArn: world.register({ A: call() }) })
  await idle()
  await world.engine.close()
  const folder = join(world.directory, 'executions')
  const [file = ''] = readdirSync(folder)
  appendFileSync(join(folder, file), '{"f":"","v":{"state":"Gone","inp')
  world.work = () => 'done'
  await restartAndRecover()
  expect((await world.engine.ended(facts.arn)).facts.output).toBe('done')
  const text = readFileSync(join(folder, file), 'utf8')
  expect(() =>
    text
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as Json),
  ).not.toThrow()
})

test('Recovery: an execution keeps the definition it began with, also when another is registered', async () => {
  world.work = never
  const arn = world.register({ A: call({ Next: 'B' }), B: { Type: 'Pass', Output: 'old', End: true } })
  const { facts } = world.engine.startExecution({ stateMachineArn: arn })
  await idle()
  world.work = () => null
  await world.restart()
  world.register({ A: { Type: 'Pass', Output: 'new', End: true } })
  world.engine.recover()
  expect((await world.engine.ended(facts.arn)).facts.output).toBe('old')
  expect(world.engine.definitionOf(facts.arn)).toContain('old')
  const later = world.engine.startExecution({ stateMachineArn: arn })
  expect((await world.engine.ended(later.facts.arn)).facts.output).toBe('new')
})

test('Versions: a version keeps its definition, over restarts, when the machine gets another (developer guide, Versions)', async () => {
  const publish = (version: number, output: string) =>
    world.engine.registerStateMachine({
      name: 'demo',
      arn: MACHINE,
      versionArn: `${MACHINE}:${version}`,
      roleArn: 'role',
      definition: JSON.stringify({
        QueryLanguage: 'JSONata',
        StartAt: 'S',
        States: { S: { Type: 'Succeed', Output: output } },
      }),
    })
  publish(1, 'one')
  await world.restart()
  publish(2, 'two')
  const run = async (stateMachineArn: string) =>
    (await world.engine.ended(world.engine.startExecution({ stateMachineArn }).facts.arn)).facts
  expect(await run(`${MACHINE}:1`)).toMatchObject({
    output: 'one',
    versionArn: `${MACHINE}:1`,
    machineArn: MACHINE,
  })
  expect((await run(MACHINE)).output).toBe('two')
  expect(world.engine.stateMachineVersions(MACHINE).map(({ versionArn }) => versionArn)).toEqual([
    `${MACHINE}:2`,
    `${MACHINE}:1`,
  ])
  expect(() => publish(1, 'other')).toThrow(expect.objectContaining({ type: 'ConflictException' }))
})

test('Events: a status that a kill kept from being told is told after the restart', async () => {
  const ports = world.ports()
  const states = { P: { Type: 'Pass', End: true } }
  let lost = true
  world.ports = () => ({
    ...ports,
    executionStatusChanged: (change) =>
      lost && change.status === 'SUCCEEDED' ? never() : ports.executionStatusChanged(change),
  })
  await world.restart()
  const { facts } = world.engine.startExecution({ stateMachineArn: world.register(states) })
  await world.engine.ended(facts.arn)
  await idle()
  expect(world.changes.map(({ status }) => status)).toEqual(['RUNNING'])
  lost = false
  await restartAndRecover()
  await idle()
  expect(world.changes.map(({ status }) => status)).toEqual(['RUNNING', 'SUCCEEDED'])
})

test('Recovery: after SIGKILL of the process a run with a distributed Map converges, and repeats no finished child', async () => {
  const log = join(world.directory, 'calls.log')
  const calls = () =>
    readFileSync(log, 'utf8')
      .split('\n')
      .filter((line) => line !== '')
  appendFileSync(log, '')
  for (const killAfter of [25, 60]) {
    const victim = spawn(
      process.execPath,
      [fileURLToPath(import.meta.resolve('./victim.ts')), world.directory, log],
      {
        stdio: ['ignore', 'ignore', 'inherit'],
      },
    )
    const gone = new Promise((resolve) => victim.once('exit', resolve))
    while (calls().length < killAfter) await new Promise((resolve) => setTimeout(resolve, 5))
    victim.kill('SIGKILL')
    await gone
  }
  const before = calls().map(Number)
  world.work = (payload) => {
    appendFileSync(log, `${payload as number}\n`)
    return payload
  }
  await restartAndRecover()
  const arn = `${MACHINE.replace(':stateMachine:', ':execution:')}:victim`
  const { facts } = await world.engine.ended(arn)
  const items = Array.from({ length: 100 }, (_, index) => index)
  expect(facts.output).toEqual(items)
  // At most those in flight at each of the two kills were called again.
  expect(calls().length).toBeLessThanOrEqual(100 + 2 * 4)
  expect(before.length).toBeGreaterThanOrEqual(60)
  expect(new Set(calls().map(Number))).toEqual(new Set(items))
  const [run] = world.engine.mapRuns(arn)
  expect(run?.children.every((child) => child?.facts.status === 'SUCCEEDED')).toBe(true)
}, 30_000)
