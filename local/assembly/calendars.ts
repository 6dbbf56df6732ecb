import { z } from 'zod'
import { arnOf, nameOf } from './arns.ts'
import type { Deployment } from './deployment.ts'
import type { CalendarModel } from './model.ts'
import { readProperties } from './properties.ts'

const DocumentProperties = z.strictObject({
  Name: z.string().optional(),
  DocumentType: z.literal('ChangeCalendar'),
  DocumentFormat: z.literal('TEXT'),
  Content: z.string(),
  // The calendar is what the newest synthesis says, either way.
  UpdateMethod: z.enum(['Replace', 'NewVersion']).optional(),
})

export const calendarTypes = ['AWS::SSM::Document']

/** Documents of Systems Manager, as far as they are Change Calendars. */
export function readCalendars(deployment: Deployment): CalendarModel[] {
  return deployment.ofType('AWS::SSM::Document').map((resource) => {
    const { Content: content } = readProperties(deployment, resource, DocumentProperties)
    return { name: nameOf(resource, deployment), arn: arnOf(resource, deployment), content }
  })
}
