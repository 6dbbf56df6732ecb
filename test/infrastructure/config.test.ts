import { describe, expect, it } from 'vitest'
import { isRefusal } from '../../lambdas/shared/contract/errors.ts'
import { readSettings } from '../../lib/config.ts'
import { keysByTarget, requireSettings, type MigrationDescription } from '../../lib/migration-description.ts'
import { context } from './synthesised.ts'

const base = context()
const read = (changes: Record<string, unknown> = {}) => {
  const all = { ...base, ...changes }
  return readSettings((key) => all[key])
}

function refusal(run: () => unknown): string {
  try {
    run()
  } catch (error) {
    if (isRefusal(error)) return `${error.name}: ${error.message}`
    throw error
  }
  throw new Error('nothing was refused')
}

const migration = (changes: Partial<MigrationDescription> = {}): MigrationDescription => ({
  name: 'cities',
  file: 'migrations/cities/migration.ts',
  gate: { quorum: { steward: 1 } },
  segments: [
    {
      name: 'cities',
      source: { at: 'legacyExport', prefix: 'cities/' },
      target: { at: 'places', key: [{ name: 'pk', type: 'S' }] },
      hashesPii: false,
    },
  ],
  ...changes,
})

describe('the settings', () => {
  it('are those of cdk.json', () => {
    expect(read()).toMatchObject({
      environment: 'dev',
      concurrency: 20,
      sources: { legacyExport: { create: true } },
    })
  })

  it('are replaced, setting by setting, for an environment', () => {
    const environments = {
      dev: {},
      prod: { concurrency: 50, sources: { legacyExport: { bucket: 'legacy-export' } } },
    }
    const prod = read({ environments, environment: 'prod' })
    expect(prod).toMatchObject({
      environment: 'prod',
      concurrency: 50,
      sources: { legacyExport: { bucket: 'legacy-export' } },
    })
    expect(prod.operators).toEqual(read().operators)
  })

  it('may be numbers in text, as the command line gives them', () => {
    expect(read({ concurrency: '35' }).concurrency).toBe(35)
  })

  it.each([
    [{ approvers: { steward: ['nobody'] } }, 'approvers.steward.0: '],
    [{ operators: undefined }, 'operators: '],
    [{ retention: { mode: 'NONE', days: 1 } }, 'retention.mode: '],
    [{ retention: { mode: 'COMPLIANCE', days: 0 } }, 'retention.days: '],
    [{ retention: undefined }, 'retention: '],
    [{ concurrency: 'many' }, 'concurrency: a number'],
    [{ concurrency: undefined }, 'concurrency: a number'],
    [{ concurrency: 0 }, 'concurrency: '],
    [
      { sources: { legacyExport: { create: false } } },
      'sources.legacyExport: either { "create": true } or { "bucket"',
    ],
    [{ sources: { 'legacy export': { create: true } } }, 'sources.legacy export: '],
    [
      { calendars: { hours: { create: 'hours.ics' } } },
      'calendars.hours.create: the path of an iCalendar file',
    ],
    [
      { calendars: { hours: { arn: 'arn:aws:s3:::hours' } } },
      'calendars.hours.arn: the ARN of a Change Calendar',
    ],
    [{ calendars: { hours: {} } }, 'calendars.hours: either { "create": "migrations/'],
    [{ environments: { dev: { concurrencies: 3 } } }, 'environments.dev: Unrecognized key: "concurrencies"'],
    [{ environment: 'Prod-EU' }, 'environments has no "Prod-EU"'],
    [
      { environment: 'qa' },
      'environments has no "qa", only dev, prod; add it, or choose one with -c environment=<name>',
    ],
  ])('refuse %j and say where', (changes, message) => {
    expect(refusal(() => read(changes))).toContain(message)
    expect(refusal(() => read(changes))).toMatch(/^InvalidSettings: cdk\.json: /)
  })
})

describe('a migration and its environment', () => {
  it('fit', () => {
    expect(() => requireSettings([migration()], read())).not.toThrow()
  })

  it('need enough approvers in each role', () => {
    expect(refusal(() => requireSettings([migration({ gate: { quorum: { steward: 2 } } })], read()))).toBe(
      'ApproverMissing: the gate of cities needs 2 in role "steward", and approvers.steward in cdk.json has 1; ' +
        'add addresses for environment dev',
    )
  })

  it('need somebody who may override, and to whom a gate escalates', () => {
    const approvers = { steward: ['steward@example.com'], owner: ['owner@example.com'] }
    const quorum = { steward: 1 }
    const check = (gate: MigrationDescription['gate']) => () =>
      requireSettings([migration({ gate })], { ...read(), approvers })
    expect(check({ quorum, override: 'owner', escalation: { to: 'owner' } })).not.toThrow()
    expect(refusal(check({ quorum, override: 'board' }))).toMatch(/^ApproverMissing: .*role "board"/)
    expect(refusal(check({ quorum, escalation: { to: 'board' } }))).toMatch(
      /^ApproverMissing: .*role "board"/,
    )
  })

  it('have nobody in two roles of one gate, however the address is written', () => {
    const approvers = { steward: ['one@example.com'], qa: ['two@example.com', 'One@Example.com'] }
    const check = (quorum: Record<string, number>) => () =>
      requireSettings([migration({ gate: { quorum } })], { ...read(), approvers })
    expect(refusal(check({ steward: 1, qa: 1 }))).toMatch(
      /^ApproverInTwoRoles: One@Example\.com is steward and qa/,
    )
    expect(check({ steward: 1 })).not.toThrow()
  })

  it('count a person once, however often the address is written', () => {
    const approvers = { steward: ['one@example.com', 'ONE@example.com'] }
    const check = () =>
      requireSettings([migration({ gate: { quorum: { steward: 2 } } })], { ...read(), approvers })
    expect(refusal(check)).toMatch(/^ApproverMissing/)
  })

  it('need each place that is named', () => {
    expect(refusal(() => requireSettings([migration()], { ...read(), sources: {} }))).toContain(
      'segment cities.cities is at "legacyExport", and cdk.json has no sources.legacyExport',
    )
  })

  it('need the calendar that is named', () => {
    const waits = migration({ calendar: 'hours' })
    expect(refusal(() => requireSettings([waits], read()))).toContain(
      'cities waits for calendar "hours", and cdk.json has no calendars.hours; add it, e.g. ' +
        '{ "create": "migrations/cities/hours.ics" }',
    )
    expect(() => requireSettings([waits], read({ calendars: { hours: { name: 'Hours' } } }))).not.toThrow()
  })

  it('agree on the key of a target', () => {
    const [segment] = migration().segments
    if (segment === undefined) throw new Error('the fixture has a segment')
    const other = {
      ...segment,
      name: 'other',
      target: { at: 'places', key: [{ name: 'id', type: 'N' }] as const },
    }
    expect(refusal(() => keysByTarget([migration({ segments: [segment, other] })]))).toContain(
      'segment other gives target places another key',
    )
  })
})
