import { z } from 'zod'
import type { RequestedAction, RequestScope, ServiceRequest } from './request.ts'
import { bodyOf, targetOperation, UnsupportedOperation } from './request.ts'

const CalendarNames = z.looseObject({ CalendarNames: z.array(z.string()).default([]) })

/** A permission on each document that is named, by name or by ARN. */
export function ssmActions(
  request: ServiceRequest,
  { account, region }: RequestScope,
): readonly RequestedAction[] {
  const operation = targetOperation(request, 'AmazonSSM')
  if (operation !== 'GetCalendarState') throw new UnsupportedOperation('ssm', operation)
  const resourceArns = bodyOf(request, CalendarNames).CalendarNames.map((name) =>
    name.startsWith('arn:') ? name : `arn:aws:ssm:${region}:${account}:document/${name}`,
  )
  return [{ action: 'ssm:GetCalendarState', resourceArns, context: {} }]
}
