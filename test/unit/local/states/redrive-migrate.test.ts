import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Json } from '../../../../local/states/json.ts'
import { FunctionError, MACHINE, ROLE, World, idle } from './support.ts'

/** The state machine of a run, as it is deployed, over functions that answer what it needs to hear. */
const definition = readFileSync(
  join(import.meta.dirname, '../../../../statemachines/migrate.asl.json'),
  'utf8',
)
const functionArn = (name: string) => `arn:aws:lambda:eu-west-1:111122223333:function:${name}:1`
const stage = MACHINE.replace(/demo$/, 'stage')

const node = { segment: 's', stage: 'pilot', remindSeconds: 86_400, plans: false, loads: true }
const answers: Readonly<Record<string, Json>> = {
  OpenRun: { run: { id: 'run' }, waves: [{ nodes: [{ segment: 's', stage: 'pilot' }] }], warnings: [] },
  BeginStage: { ...node, checksWholeTarget: false, action: 'run', why: '' },
  Judge: { gate: 'the gate' },
}

let world: World
let broken: string | undefined
let called: string[]
beforeEach(() => {
  world = new World()
  broken = undefined
  called = []
  world.clock.auto = false
  world.work = (payload, request) => {
    const name = request.functionArn.split(':')[6] ?? ''
    called.push(name)
    if (name === broken) throw new FunctionError('Error', 'the store is down')
    if (name === 'AwaitDecision') {
      const { taskToken } = payload as { taskToken: string }
      void idle(3).then(() => world.engine.sendTaskSuccess(taskToken, '{"decision":"approve"}'))
    }
    return answers[name] ?? {}
  }
  const succeeds = {
    QueryLanguage: 'JSONata',
    StartAt: 'S',
    States: { S: { Type: 'Succeed', Output: { summaryKey: 'k' } } },
  }
  const register = (arn: string, text: string) =>
    world.engine.registerStateMachine({
      name: arn.split(':').at(-1) ?? '',
      arn,
      roleArn: ROLE,
      definition: text,
    })
  register(stage, JSON.stringify(succeeds))
  const filled = definition.replaceAll(/\$\{(\w+?)(Function|StateMachine)\}/g, (_, name: string, kind) =>
    kind === 'Function' ? functionArn(name) : stage,
  )
  register(MACHINE, filled)
})
afterEach(async () => {
  expect(world.problems).toEqual([])
  await world.dispose()
})

const all = ['OpenRun', 'BeginStage', 'Judge', 'AwaitDecision', 'Act', 'CloseRun']

test.each(all)(
  'after a failure in %s, a redrive enters that very state again, and repeats nothing before it',
  async (name) => {
    broken = name
    const { facts } = world.engine.startExecution({ stateMachineArn: MACHINE })
    expect((await world.engine.ended(facts.arn)).facts).toMatchObject({ status: 'FAILED', error: 'Error' })
    expect(called).toEqual(all.slice(0, all.indexOf(name) + 1))

    broken = undefined
    called = []
    await world.engine.redriveExecution(facts.arn)
    expect((await world.engine.ended(facts.arn)).facts.status).toBe('SUCCEEDED')
    expect(called).toEqual(all.slice(all.indexOf(name)))
    const stages = world.engine.executions({ stateMachineArn: stage })
    expect(stages).toHaveLength(1)
  },
)
