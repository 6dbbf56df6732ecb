import { CfnDocument } from 'aws-cdk-lib/aws-ssm'
import { RemovalPolicy } from 'aws-cdk-lib'
import { Construct } from 'constructs'
import { readCalendarFile } from '../calendar-file.ts'
import type { Settings } from '../config.ts'
import { calendarArn, nameIn } from '../names.ts'

interface ChangeCalendarProps {
  readonly name: string
  /** iCalendar text. */
  readonly content: string
}

/** A Change Calendar of Systems Manager. A deployment gives it a new version and leaves the calendar itself. */
class ChangeCalendar extends Construct {
  constructor(scope: Construct, id: string, { name, content }: ChangeCalendarProps) {
    super(scope, id)
    const document = new CfnDocument(this, 'Document', {
      name,
      documentType: 'ChangeCalendar',
      documentFormat: 'TEXT',
      updateMethod: 'NewVersion',
      content: {},
    })
    // CloudFormation takes text here; the type of the construct knows objects only.
    document.addPropertyOverride('Content', content)
    // A run that waits goes on asking for it, whatever later settings say.
    document.applyRemovalPolicy(RemovalPolicy.RETAIN)
  }
}

/** ARNs of these calendars; those that the settings have a file for are made. @throws InvalidSettings. */
export function changeCalendars(
  scope: Construct,
  root: string,
  { calendars, environment }: Settings,
  names: readonly string[],
): ReadonlyMap<string, string> {
  return new Map(
    names.map((at) => {
      const setting = calendars[at]
      if (setting === undefined) throw new Error(`there is no calendar ${at}`)
      if ('arn' in setting) return [at, setting.arn]
      if ('name' in setting) return [at, calendarArn(scope, setting.name)]
      const name = nameIn(environment, `calendar-${at}`)
      const content = readCalendarFile(root, at, setting.create)
      new ChangeCalendar(scope, `Calendar-${at}`, { name, content })
      return [at, calendarArn(scope, name)]
    }),
  )
}
