import { expect, test } from 'vitest'
import { executionArnOf } from '../../../local/cli/start-execution.ts'

test('an execution has the machine of its version, and no version', () => {
  const machine = 'arn:aws:states:us-east-1:000000000000:stateMachine:lockgate-dev-migrate'
  const execution = 'arn:aws:states:us-east-1:000000000000:execution:lockgate-dev-migrate:cities-1'
  expect(executionArnOf(`${machine}:3`, 'cities-1')).toBe(execution)
  expect(executionArnOf(machine, 'cities-1')).toBe(execution)
})
