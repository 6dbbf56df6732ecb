import { randomUUID } from 'node:crypto'
import { cpSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { Execution } from '../../../../local/states/execution.ts'
import { Journal } from '../../../../local/states/journal.ts'
import type { Json, JsonObject } from '../../../../local/states/json.ts'
import { FunctionError, MACHINE, ROLE, World, call, callback, idle } from './support.ts'

/** A run is killed before each line that it writes: what is on disk then is what a restart finds. */
let directory: string
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'kills-'))
})
afterEach(() => {
  vi.restoreAllMocks()
  rmSync(directory, { recursive: true, force: true })
})

const named = (name: string) => MACHINE.replace(/demo$/, name)
const arnOf = (name: string) => named(name).replace(':stateMachine:', ':execution:') + ':run'

const map: JsonObject = {
  Type: 'Map',
  MaxConcurrency: 2,
  ItemReader: {
    Resource: 'arn:aws:states:::s3:getObject',
    Arguments: { Bucket: 'b', Key: 'items' },
    ReaderConfig: { InputType: 'JSONL' },
  },
  ItemProcessor: {
    ProcessorConfig: { Mode: 'DISTRIBUTED', ExecutionType: 'STANDARD' },
    StartAt: 'T',
    States: { T: call({ Retry: [{ ErrorEquals: ['Flaky'] }] }) },
  },
  ResultWriter: { Resource: 'arn:aws:states:::s3:putObject', Arguments: { Bucket: 'b', Prefix: 'results' } },
  Output: 'mapped',
  End: true,
}
const machines: Readonly<Record<string, JsonObject>> = {
  inner: { M: map },
  outer: {
    Nested: {
      Type: 'Task',
      Resource: 'arn:aws:states:::states:startExecution.sync:2',
      Arguments: { StateMachineArn: named('inner') },
      Next: 'Gate',
    },
    Gate: callback({ Assign: { answer: '{% $states.result %}' }, Next: 'Each' }),
    Each: {
      Type: 'Map',
      Items: ['x', 'y'],
      ItemProcessor: { StartAt: 'Call', States: { Call: call() } },
      Output: ['{% $answer %}', '{% $states.result %}'],
      End: true,
    },
  },
}

/** A system over a directory; a function fails the first time, or as long as it is broken. */
async function worldIn(at: string, isBroken = () => false): Promise<World> {
  const world = new World(at)
  const ports = world.ports()
  world.ports = () => ({ ...ports, newId: randomUUID })
  await world.restart()
  const seen = new Set<Json>()
  world.objects.set('b/items', '1\n2\n3\n')
  world.work = (payload) => {
    if (payload !== 2 || (seen.has(payload) && !isBroken())) return payload
    seen.add(payload)
    throw new FunctionError(isBroken() ? 'Broken' : 'Flaky', 'no')
  }
  for (const [name, States] of Object.entries(machines)) {
    const definition = JSON.stringify({ QueryLanguage: 'JSONata', StartAt: Object.keys(States)[0], States })
    world.engine.registerStateMachine({ name, arn: named(name), roleArn: ROLE, definition })
  }
  return world
}

/** Waits until the run has ended, and answers its gate whenever it is there to be answered. */
async function ended(world: World, name: string): Promise<Execution> {
  for (;;) {
    const execution = world.engine.execution(arnOf(name))
    if (execution.facts.status !== 'RUNNING') return execution
    const { token, reply } = execution.flow('')?.step.task ?? {}
    if (token !== undefined && reply === undefined) world.engine.sendTaskSuccess(token, '"yes"')
    await idle(1)
  }
}

/** Does `act`, and keeps the directory as it is before each line of a journal. */
async function killedBeforeEveryLine(world: World, act: () => Promise<unknown>): Promise<string[]> {
  const kept: string[] = []
  const append = Reflect.get<Journal, 'append'>(Journal.prototype, 'append')
  vi.spyOn(Journal.prototype, 'append').mockImplementation(function (this: Journal, line) {
    const copy = join(directory, `kill-${kept.length}`)
    cpSync(world.directory, copy, { recursive: true })
    kept.push(copy)
    append.call(this, line)
  })
  await act()
  await idle()
  vi.restoreAllMocks()
  await world.dispose()
  return kept
}

/** Goes on after a kill; starts or redrives where that had not been written down yet. */
async function goOn(copy: string, name: string): Promise<World> {
  const world = await worldIn(copy)
  world.engine.recover()
  const known = world.engine.executions({ stateMachineArn: named(name) }).length > 0
  if (!known) world.engine.startExecution({ stateMachineArn: named(name), name: 'run' })
  const { facts } = await ended(world, name)
  if (facts.status !== 'SUCCEEDED') await world.engine.redriveExecution(arnOf(name))
  await ended(world, name)
  return world
}

const succeeded = 'SUCCEEDED'

/** One Map Run of three children, all succeeded, and nothing that still runs. */
function expectWhole({ engine, written, problems }: World, name: string, label: string): void {
  expect(engine.execution(arnOf(name)).facts.status, label).toBe(succeeded)
  const mapping = engine.executions({ stateMachineArn: named('inner') })
  expect(
    mapping.map(({ facts }) => facts.status),
    label,
  ).toEqual([succeeded])
  const runs = engine.mapRuns(mapping[0]?.facts.arn ?? '')
  expect(
    runs.map(({ facts }) => facts.status),
    label,
  ).toEqual([succeeded])
  const children = runs[0]?.children.map((child) => child?.facts.status)
  expect(children, label).toEqual([succeeded, succeeded, succeeded])
  expect([...written.keys()].filter((key) => key.endsWith('manifest.json')).length, label).toBeLessThan(2)
  expect(problems, label).toEqual([])
}

test('a run that is killed before any line of its journals goes on to the same end', async () => {
  const world = await worldIn(join(directory, 'first'))
  const kept = await killedBeforeEveryLine(world, async () => {
    world.engine.startExecution({ stateMachineArn: named('outer'), name: 'run' })
    await ended(world, 'outer')
  })
  expect(kept.length).toBeGreaterThan(40)
  for (const [index, copy] of kept.entries()) {
    const next = await goOn(copy, 'outer')
    expectWhole(next, 'outer', `killed before line ${index}`)
    expect(next.engine.execution(arnOf('outer')).facts.output).toEqual(['yes', ['x', 'y']])
    await next.dispose()
  }
})

test('so does one that is killed before any line of its redrive', async () => {
  let broken = true
  const world = await worldIn(join(directory, 'first'), () => broken)
  world.engine.startExecution({ stateMachineArn: named('inner'), name: 'run' })
  expect((await ended(world, 'inner')).facts.status).toBe('FAILED')
  await idle()
  const kept = await killedBeforeEveryLine(world, async () => {
    broken = false
    await world.engine.redriveExecution(arnOf('inner'))
    await ended(world, 'inner')
  })
  expect(kept.length).toBeGreaterThan(8)
  for (const [index, copy] of kept.entries()) {
    const next = await goOn(copy, 'inner')
    expectWhole(next, 'inner', `killed before line ${index}`)
    await next.dispose()
  }
})
