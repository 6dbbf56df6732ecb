import { GetCalendarStateCommand, GetParameterCommand, SSMClient } from '@aws-sdk/client-ssm'
import { expect, it } from 'vitest'
import { UnsupportedOperation } from '../../../../local/permissions/request.ts'
import { requestedAction } from '../../../../local/permissions/requested-action.ts'
import { Capture, clientSettings } from './captured.ts'

const capture = new Capture()
const client = new SSMClient(clientSettings(capture))
const scope = { account: '000000000000', region: 'us-east-1' }
const needs = async (send: () => Promise<unknown>) => requestedAction(await capture.of('ssm', send), scope)

it('the state of a calendar takes a permission on each document, by name or ARN', async () => {
  const shared = 'arn:aws:ssm:us-east-1:111122223333:document/bank'
  const command = new GetCalendarStateCommand({ CalendarNames: ['hours', shared] })
  expect(await needs(() => client.send(command))).toEqual([
    {
      action: 'ssm:GetCalendarState',
      resourceArns: ['arn:aws:ssm:us-east-1:000000000000:document/hours', shared],
      context: {},
    },
  ])
})

it('nothing else is known', async () => {
  const command = new GetParameterCommand({ Name: 'hours' })
  await expect(needs(() => client.send(command))).rejects.toThrow(UnsupportedOperation)
})
