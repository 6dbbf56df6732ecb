import * as sfn from '@aws-sdk/client-sfn'
import { UnsupportedOperation } from '../../../../local/permissions/request.ts'
import { describe, expect, it } from 'vitest'
import { requestedAction } from '../../../../local/permissions/requested-action.ts'
import { Capture, clientSettings } from './captured.ts'

const capture = new Capture()
const client = new sfn.SFNClient(clientSettings(capture))
const states = 'arn:aws:states:us-east-1:000000000000'
const scope = {
  account: '000000000000',
  region: 'us-east-1',
  stateMachineArnOf: (token: string) => (token === 'known' ? `${states}:stateMachine:migrate` : undefined),
}
const needs = async (send: () => Promise<unknown>) => requestedAction(await capture.of('states', send), scope)

describe('Step Functions', () => {
  const execution = `${states}:execution:migrate:run-1`
  it.each([
    [
      new sfn.StartExecutionCommand({ stateMachineArn: `${states}:stateMachine:migrate` }),
      'states:StartExecution',
      `${states}:stateMachine:migrate`,
    ],
    [new sfn.DescribeExecutionCommand({ executionArn: execution }), 'states:DescribeExecution', execution],
    [new sfn.StopExecutionCommand({ executionArn: execution }), 'states:StopExecution', execution],
    [new sfn.RedriveExecutionCommand({ executionArn: execution }), 'states:RedriveExecution', execution],
    [
      new sfn.ListExecutionsCommand({ mapRunArn: `${states}:mapRun:migrate/a:b` }),
      'states:ListExecutions',
      `${states}:mapRun:migrate/a:b`,
    ],
    [
      new sfn.SendTaskSuccessCommand({ taskToken: 'known', output: '{}' }),
      'states:SendTaskSuccess',
      `${states}:stateMachine:migrate`,
    ],
    [new sfn.SendTaskFailureCommand({ taskToken: 'unknown' }), 'states:SendTaskFailure', '*'],
    [new sfn.ListStateMachinesCommand({}), 'states:ListStateMachines', '*'],
  ])('%#: the resource', async (command, action, resource) => {
    const send = () => client.send(command as sfn.StopExecutionCommand)
    expect(await needs(send)).toEqual([{ action, resourceArns: [resource], context: {} }])
  })
  it('authorizes a version on its state machine, with the qualifier as context', async () => {
    const command = new sfn.StartExecutionCommand({ stateMachineArn: `${states}:stateMachine:migrate:3` })
    expect(await needs(() => client.send(command))).toEqual([
      {
        action: 'states:StartExecution',
        resourceArns: [`${states}:stateMachine:migrate`],
        context: { 'states:StateMachineQualifier': '3' },
      },
    ])
  })
  it('refuses activities by name', async () => {
    const command = new sfn.GetActivityTaskCommand({ activityArn: 'a' })
    await expect(needs(() => client.send(command))).rejects.toThrow(UnsupportedOperation)
  })
})
