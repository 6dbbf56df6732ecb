import { DescribeExecutionCommand, StartExecutionCommand, StopExecutionCommand } from '@aws-sdk/client-sfn'
import { afterEach, describe, expect, test } from 'vitest'
import { sfnExecutions } from '../../lambdas/shared/adapters/sfn-executions/executions.ts'
import type { Executions } from '../../lambdas/shared/ports/executions.ts'
import { FakeExecutions } from '../support/fake-executions.ts'
import { startStates } from '../support/states-server.ts'
import { callback, idle, tokenOf, World as StatesWorld } from '../unit/local/states/support.ts'

interface Waiting {
  readonly executionArn: string
  readonly taskToken: string
}

interface World {
  readonly executions: Executions
  /** An execution that goes on until it is stopped. */
  readonly start: () => Promise<string>
  readonly stop: (executionArn: string) => Promise<void>
  /** An execution that waits under a task token. */
  readonly wait: () => Promise<Waiting>
  /** What that was answered; nothing while it waits. */
  readonly answered: (waiting: Waiting) => Promise<unknown>
}

const ended: (() => Promise<void>)[] = []
afterEach(() => Promise.all(ended.splice(0).map((end) => end())))

const arnOf = (name: string) => `arn:aws:states:eu-west-1:111122223333:execution:demo:${name}`

const worlds: Record<string, () => Promise<World>> = {
  fake: async () => {
    const executions = new FakeExecutions()
    let count = 0
    const start = async () => {
      const arn = arnOf(`run-${(count += 1)}`)
      executions.running.add(arn)
      return arn
    }
    const tokens = new Map<string, string>()
    return {
      executions,
      start,
      async stop(arn) {
        executions.running.delete(arn)
        executions.waiting.delete(tokens.get(arn) ?? '')
      },
      async wait() {
        const executionArn = await start()
        const taskToken = `token-${executionArn}`
        tokens.set(executionArn, taskToken)
        executions.waiting.add(taskToken)
        return { executionArn, taskToken }
      },
      answered: async ({ taskToken }) =>
        executions.answers.find((answer) => answer.taskToken === taskToken)?.answer,
    }
  },
  'Step Functions': async () => {
    const states = new StatesWorld()
    const server = await startStates(states.engine)
    ended.push(async () => {
      await server.stop()
      expect(states.problems).toEqual([])
      await states.dispose()
    })
    const { client } = server
    const machines = {
      waiting: states.register({ W: callback() }, {}, 'waiting'),
      running: states.register({ W: callback() }, {}, 'running'),
    }
    const start = async (stateMachineArn: string) => {
      const { executionArn = '' } = await client.send(new StartExecutionCommand({ stateMachineArn }))
      await idle()
      return executionArn
    }
    return {
      executions: sfnExecutions(client),
      start: () => start(machines.running),
      stop: async (executionArn) => void (await client.send(new StopExecutionCommand({ executionArn }))),
      async wait() {
        const executionArn = await start(machines.waiting)
        return { executionArn, taskToken: tokenOf(states) }
      },
      async answered({ executionArn }) {
        await idle()
        const { output } = await client.send(new DescribeExecutionCommand({ executionArn }))
        return output === undefined ? undefined : (JSON.parse(output) as unknown)
      },
    }
  },
}

describe.each(Object.entries(worlds))('executions: %s', (_, open) => {
  test('an execution runs until it has ended, and one that nobody knows does not run', async () => {
    const { executions, start, stop } = await open()
    const [one, other] = [await start(), await start()]
    expect(await executions.isRunning(one)).toBe(true)
    await stop(one)
    expect(await executions.isRunning(one)).toBe(false)
    expect(await executions.isRunning(other)).toBe(true)
    expect(await executions.isRunning(arnOf('nobody-knows'))).toBe(false)
  })

  test('a task is answered once, and who waits gets the answer', async () => {
    const { executions, wait, answered } = await open()
    const [one, other] = [await wait(), await wait()]
    expect(await answered(one)).toBeUndefined()
    const answer = { gate: 'places.cities.pilot', decision: 'approve' } as const
    expect(await executions.answer(one.taskToken, answer)).toBe('answered')
    expect(await answered(one)).toEqual(answer)
    expect(await executions.answer(one.taskToken, { ...answer, decision: 'hold' })).toBe('stale')
    expect(await answered(one)).toEqual(answer)
    expect(await answered(other)).toBeUndefined()
    expect(await executions.answer(other.taskToken, answer)).toBe('answered')
  })

  test('nobody waits under a token that is unknown, or whose execution was stopped', async () => {
    const { executions, wait, stop } = await open()
    const answer = { gate: 'places.cities.pilot', decision: 'hold' } as const
    expect(await executions.answer('unknown', answer)).toBe('stale')
    const waiting = await wait()
    await stop(waiting.executionArn)
    expect(await executions.answer(waiting.taskToken, answer)).toBe('stale')
  })
})
