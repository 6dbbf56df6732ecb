import { App, Stack } from 'aws-cdk-lib'
import { Template } from 'aws-cdk-lib/assertions'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { readSettings, type CalendarSetting } from '../../lib/config.ts'
import { environmentOf } from '../../lib/function-environment.ts'
import { grantStatements, type Places } from '../../lib/grant-statements.ts'
import { grants, grantsOf } from '../../lib/grants.ts'
import type { MigrationDescription } from '../../lib/migration-description.ts'
import { StatefulStack } from '../../lib/stacks/stateful-stack.ts'
import { icalendar } from '../unit/local/services/ssm/calendars.ts'
import { context } from './synthesised.ts'

const root = mkdtempSync(join(tmpdir(), 'lockgate-calendar-'))
afterAll(() => rmSync(root, { recursive: true, force: true }))
mkdirSync(join(root, 'migrations'))
const file = 'migrations/hours.ics'
const text = icalendar('DEFAULT_CLOSED')

const migration: MigrationDescription = {
  name: 'm',
  file: 'migrations/m/migration.ts',
  gate: { quorum: { steward: 1 } },
  calendar: 'hours',
  segments: [],
}

function statefulWith(hours: CalendarSetting, content = text, migrations = [migration]) {
  writeFileSync(join(root, file), content)
  const settings = readSettings((key) => ({ ...context(), calendars: { hours } })[key])
  const app = new App({ analyticsReporting: false, context: context() })
  const env = { account: '111122223333', region: 'eu-west-1' }
  const stack = new StatefulStack(app, 'Test', { root, settings, migrations, env })
  return { stack, settings, template: Template.fromStack(stack) }
}

const arn = /^arn:(aws|<AWS::Partition>|\$\{Token\[.*\]\}):ssm:eu-west-1:111122223333:document\/(.+)$/
const nameIn = (value: string | undefined) => arn.exec(value ?? '')?.[2]

describe('a calendar', () => {
  it('is made from the file, as it is, and outlives the stack', () => {
    const { template, stack } = statefulWith({ create: file }, text.replaceAll('\r\n', '\n'))
    template.hasResource('AWS::SSM::Document', {
      DeletionPolicy: 'Retain',
      Properties: {
        Name: 'lockgate-dev-calendar-hours',
        DocumentType: 'ChangeCalendar',
        DocumentFormat: 'TEXT',
        UpdateMethod: 'NewVersion',
        Content: text,
      },
    })
    expect(nameIn(stack.calendars.get('hours'))).toBe('lockgate-dev-calendar-hours')
  })

  it('may be there already, of this account or shared', () => {
    const own = statefulWith({ name: 'OfficeHours' })
    expect(nameIn(own.stack.calendars.get('hours'))).toBe('OfficeHours')
    const shared = 'arn:aws:ssm:eu-west-1:444455556666:document/Bank'
    const other = statefulWith({ arn: shared })
    expect(other.stack.calendars.get('hours')).toBe(shared)
    for (const { template } of [own, other]) template.resourceCountIs('AWS::SSM::Document', 0)
  })

  it('is not made where no migration waits for it', () => {
    const { calendar: _calendar, ...rest } = migration
    const { template, stack } = statefulWith({ create: file }, text, [rest])
    template.resourceCountIs('AWS::SSM::Document', 0)
    expect(stack.calendars.size).toBe(0)
  })

  it.each([
    ['something else', 'is no iCalendar file'],
    [text.replace(/X-CALENDAR-TYPE.*\r\n/, ''), 'does not say what holds outside its events'],
    [
      text.replace('VERSION', `X-NOTE:${'x'.repeat(65_536)}\r\nVERSION`),
      'has 65662 bytes, and Systems Manager takes',
    ],
  ])('is refused where its file is wrong: %.20s', (content, message) => {
    expect(() => statefulWith({ create: file }, content)).toThrow(
      `calendars.hours.create: ${file} ${message}`,
    )
    expect(() => statefulWith({ create: 'migrations/gone.ics' })).toThrow('does not exist')
  })
})

describe('who may ask for it', () => {
  const { stack, settings } = statefulWith({ name: 'OfficeHours' })
  const place = { name: 'x', arn: 'arn:aws:x' }
  const places = (calendars: ReadonlyMap<string, string>): Places => ({
    ...{
      environment: 'dev',
      checkpoints: place,
      guesses: place,
      gates: place,
      staging: place,
      archive: place,
      log: place,
      evidence: place,
    },
    ...{ sources: new Map(), targets: new Map(), calendars, approvalTopicArn: 'a', noticeTopicArn: 'n' },
    ...{ keyArn: 'k', logKeyArn: 'l', piiKeyArn: undefined },
  })
  const asked = (name: string, calendars: ReadonlyMap<string, string>) =>
    grantStatements(stack, grantsOf(name), places(calendars))
      .map(({ statement }) => statement)
      .filter(({ actions }) => actions.some((action) => action.startsWith('ssm:')))

  it('are three functions, each for this one alone', () => {
    const may = Object.keys(grants).filter((name) => asked(name, stack.calendars).length > 0)
    expect(may).toEqual(['open-run', 'begin-stage', 'await-window'])
    for (const name of may) {
      const [statement, ...more] = asked(name, stack.calendars)
      expect(more).toEqual([])
      expect(statement?.actions).toEqual(['ssm:GetCalendarState'])
      expect(statement?.resources.map(nameIn)).toEqual(['OfficeHours'])
      const told = { settings, places: places(stack.calendars), approvalUrl: '', fingerprints: {} }
      const { CALENDARS } = environmentOf(grantsOf(name), told)
      expect(JSON.parse(CALENDARS ?? '')).toEqual({ hours: { arn: stack.calendars.get('hours') } })
    }
  })

  it('is nobody where no migration waits', () => {
    expect(Object.keys(grants).flatMap((name) => asked(name, new Map()))).toEqual([])
    expect(Stack.of(stack)).toBe(stack)
  })
})
