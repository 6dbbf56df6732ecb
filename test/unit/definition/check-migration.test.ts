import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { atLeast, atMost, controlSum, exactly, full, pilot, ramp, rehearse, within } from '#lockgate'
import { checkMigration } from '../../../lambdas/shared/domain/definition/check/check-migration.ts'
import { problemText } from '../../../lambdas/shared/domain/definition/check/definition-problem.ts'
import type { Migration } from '../../../lambdas/shared/domain/definition/migration.ts'
import { parts, things, valid, withSegment, withSource, withTarget } from './valid-migration.ts'

const found = (migration: Migration) => checkMigration(migration).map(problemText)
const thing = (rest: string) => `migrations/warehouse/migration.ts: segment things: ${rest}`

test('a valid migration has no problem', () => {
  expect(checkMigration(valid)).toEqual([])
})

const { stages, map } = things
const Row = things.source.record
const fields = things.target.record.shape
const cases: Record<string, readonly (readonly [Migration, string])[]> = {
  names: [
    [{ ...valid, name: 'Ware_house' }, 'migrations/Ware_house/migration.ts: name: is not kebab-case'],
    [{ ...valid, name: 'unattributed' }, 'name: is the name of a decision log that Lockgate keeps'],
    [withSegment({ name: 'Things' }), 'segment Things: name: is not kebab-case'],
    [{ ...valid, segments: [things, parts, things] }, thing('name: another segment has this name')],
    [{ ...valid, segments: [] }, 'segments: has no segment'],
    [{ ...valid, segments: Array.from({ length: 41 }, () => things) }, 'segments: has more than 40 segments'],
  ],
  calendar: [
    [{ ...valid, calendar: { at: 'hours', stages: [] } }, 'calendar.stages: is empty; leave it out'],
    [
      { ...valid, calendar: { at: 'hours', stages: ['pilot', 'cutover'] } },
      'calendar.stages.1: no segment has a stage cutover; there are rehearse, pilot, ramp-50, full',
    ],
    [{ ...valid, calendar: { at: '' } }, 'calendar.at: is empty'],
  ],
  dependencies: [
    [
      withSegment({ dependsOn: ['nothing'] }),
      thing('dependsOn: there is no segment nothing; there are things, parts'),
    ],
    [withSegment({ dependsOn: ['things'] }), thing('dependsOn: depends on itself: things -> things')],
    [withSegment({ dependsOn: ['parts'] }), thing('dependsOn: depends on itself: things -> parts -> things')],
  ],
  stages: [
    [
      withSegment({ stages: stages.slice(1) }),
      thing('stages.0: rehearse() is the first stage, and only the first'),
    ],
    [withSegment({ stages: [rehearse(), ...stages] }), thing('stages.1: rehearse() is the first')],
    [withSegment({ stages: stages.slice(0, -1) }), thing('stages.2: the last stage is not full()')],
    [withSegment({ stages: [rehearse(), full(), full()] }), thing('stages.1: full() is the last stage')],
    [
      withSegment({ stages: [rehearse(), ramp({ share: 0.1 }), pilot({ share: 0.2 }), full()] }),
      thing('stages.2: pilot() comes directly after rehearse()'),
    ],
    [
      withSegment({ stages: [rehearse(), pilot({ share: 0 }), full()] }),
      thing('stages.1: a share of 0 is not between'),
    ],
    [
      withSegment({ stages: [rehearse(), pilot({ share: 1 }), full()] }),
      thing('stages.1: a share of 1 is not between'),
    ],
    [
      withSegment({ stages: [rehearse(), pilot({ share: 0.5 }), ramp({ share: 0.25 }), full()] }),
      thing('stages.2: a share of 0.25 is not above 0.5'),
    ],
    [
      withSegment({ stages: [rehearse(), ramp({ share: 0.2 }), ramp({ share: 0.2 }), full()] }),
      thing('stages.2: another stage has the id ramp-20'),
    ],
  ],
  source: [
    [withSource({ delimiter: '||' }), thing('source.delimiter: is not a single ASCII character')],
    [withSource({ delimiter: '§' }), thing('source.delimiter: is not a single ASCII character')],
    [withSource({ quote: ',' }), thing('source.quote: give a character other than the delimiter')],
    [withSource({ delimiter: '\n' }), thing('source.delimiter: give one ASCII character that is not a line')],
    [withSource({ quote: '\r' }), thing('source.quote: give one ASCII character')],
    [
      withSource({ nullToken: 'a,b' }),
      thing('source.nullToken: give a text that an unquoted field can hold'),
    ],
    [withSource({ nullToken: '"x' }), thing('source.nullToken: give a text that does not begin with the')],
    [withSource({ prefix: '/things' }), thing('source.prefix: is empty or begins with a slash')],
    [
      withSource({ header: ['id', 'size', 'mail', 'id'] }),
      thing('source.header: give other names: name 4 repeats name 1'),
    ],
    [
      withSource({ header: ['id', 'size'] }),
      thing('source.header: does not name mail, which the contract needs'),
    ],
  ],
  target: [
    [withTarget({ key: ['pk', 'pk'] }), thing('target.key: names pk twice')],
    [withTarget({ key: ['pk', 'nothing'] }), thing('target.key: nothing is not a field of the target')],
    [withTarget({ key: ['note', 'sk'] }), thing('target.key: note may be absent or null')],
    [
      withTarget({ record: z.object({ ...fields, pk: z.boolean() }) }),
      thing('target.key: pk is neither a string nor a number'),
    ],
    [
      withTarget({ scope: { attribute: 'mail', prefix: 'a' } }),
      thing('target.scope: mail is not a key attribute'),
    ],
    [withTarget({ record: z.object({ ...fields, sk: z.number() }) }), thing('target.scope: sk is a number')],
    [
      withTarget({ scope: { attribute: 'sk', prefix: 'PART#A' } }),
      'PART# and PART#A of things have items in common',
    ],
    [withTarget({ scope: { attribute: 'pk', prefix: 'T' } }), 'target.scope: things has its scope on pk'],
    [
      { ...valid, segments: [things, { ...parts, target: { ...things.target, scope: undefined as never } }] },
      'segment parts: target.scope: shares table with things, and parts has no scope',
    ],
  ],
  mapping: [
    [
      withSegment({ map: { ...map, size: 'sice' } }),
      thing("map.size: the source's contract has no field sice; it has"),
    ],
    [
      withSegment({ map: { ...map, colour: 'id' } }),
      thing("map.colour: is not a field of the target's contract"),
    ],
    [withSegment({ map: { pk: 'id', sk: 'id', size: 'size' } }), thing('map.mail: is missing')],
    [
      withSegment({ map: { ...map, size: { from: 'size', pii: 'hash' } } }),
      thing('map.size: a hash is a text'),
    ],
    [withSegment({ map: { ...map, mail: { from: 'mail', pii: 'drop' } } }), thing('map.mail: is dropped')],
    [withSegment({ map: { ...map, pk: { from: 'id', pii: 'drop' } } }), thing('map.pk: is a key attribute')],
    [
      withSegment({ map: { ...map, size: 7 as never } }),
      thing('map.size: is neither the name of a source field'),
    ],
  ],
  criteria: [
    [
      withSegment({ criteria: { accuracy: atLeast(99) } }),
      thing('criteria.accuracy: is a share between 0 and 1'),
    ],
    [withSegment({ criteria: { conflicts: atMost(0.5) } }), thing('criteria.conflicts: is a count')],
    [withSegment({ criteria: { accuracy: atLeast(-1) } }), thing('criteria.accuracy.limit: is below 0')],
    [
      withSegment({ criteria: { quarantineRate: atMost(0.1, { breachAt: 0.01 }) } }),
      thing('criteria.quarantineRate: breachAt 0.01 must be above the limit 0.1'),
    ],
    [
      withSegment({ criteria: { completeness: atLeast(0.9, { breachAt: 0.95 }) } }),
      thing('criteria.completeness: breachAt 0.95 must be below the limit 0.9'),
    ],
    [withSegment({ criteria: { speed: atLeast(1) } as never }), thing('criteria')],
    [
      withSegment({ criteria: { quarantineRate: atLeast(0.1) } }),
      thing('criteria.quarantineRate: less is better here, and atLeast lets the worst pass: use atMost'),
    ],
    [
      withSegment({ criteria: { recordsPerSecond: atMost(10) } }),
      thing('criteria.recordsPerSecond: more is better here'),
    ],
    [
      withSegment({ criteria: { conflicts: exactly(5) } }),
      thing('criteria.conflicts: exactly 5 would refuse what is better: use atMost or exactly(0)'),
    ],
    [
      withSegment({ criteria: { duration: exactly(5) } }),
      thing('criteria.duration: exactly 5 would refuse what is better: use atMost'),
    ],
    [
      withSegment({ criteria: { conflicts: { ...atMost(5, { breachAt: 9 }), severity: 'breach' } } }),
      thing("criteria.conflicts: breachAt tells a fail from a breach, and severity 'breach' makes all one"),
    ],
    [
      withSegment({ criteria: { conflicts: { ...exactly(0), breachAt: 9 } } }),
      thing('criteria.conflicts: has no room for a breachAt'),
    ],
    [
      withSegment({ criteria: { duration: within('-1 hours') } }),
      thing('criteria.duration.limit: is below 0'),
    ],
    [
      withSegment({ criteria: { fieldAccuracy: { sice: exactly(1) } } }),
      thing('criteria.fieldAccuracy.sice: the mapping owns no field sice; it owns pk, sk, size, mail, note'),
    ],
    [
      withSegment({ criteria: { fieldAccuracy: { size: atLeast(99) } } }),
      thing('criteria.fieldAccuracy.size: is a share between 0 and 1'),
    ],
    [
      withSegment({ criteria: { quarantineRateOf: { Ragged: atMost(0.1) } as never } }),
      thing(
        'criteria.quarantineRateOf.Ragged: there is no reason Ragged for quarantine; there are RaggedRow',
      ),
    ],
    [
      withSegment({ criteria: { batchSeconds: { p42: atMost(1) } as never } }),
      thing('criteria.batchSeconds'),
    ],
    [
      withSegment({ stages: [rehearse({ criteria: { accuracy: atLeast(0.9) } }), ...stages.slice(1)] }),
      thing('stages.0.criteria.accuracy: is not judged at rehearse, which has no such figure'),
    ],
    [
      withSegment({
        stages: [rehearse(), pilot({ share: 0.1, criteria: { conflicts: atLeast(1) } }), full()],
      }),
      thing('stages.1.criteria.conflicts: less is better here'),
    ],
    [
      withSegment({ stages: [rehearse(), full({ criteria: { controlSums: {} } as never })] }),
      thing('stages.1.criteria: unrecognized key: "controlSums"'),
    ],
  ],
  'control sums': [
    [
      withSegment({ criteria: { controlSums: { sum: controlSum('sice') } } }),
      thing('criteria.controlSums.sum: the mapping owns no field sice'),
    ],
    [
      withSegment({ criteria: { controlSums: { sum: controlSum('note') } } }),
      thing("criteria.controlSums.sum: note is no number in the target's contract"),
    ],
    [
      withSegment({ criteria: { controlSums: { sum: controlSum('size', { by: 'mail' }) } } }),
      thing('criteria.controlSums.sum: mail is classified for personal data'),
    ],
    [
      withSegment({ criteria: { controlSums: { sum: controlSum('size', { by: 'size' }) } } }),
      thing('criteria.controlSums.sum: size is summed by itself'),
    ],
    [
      withSegment({ criteria: { controlSums: { sum: controlSum('size', { tolerance: -1 }) } } }),
      thing('criteria.controlSums.sum.tolerance: is below 0'),
    ],
    [
      withSegment({
        criteria: {
          controlSums: Object.fromEntries(
            Array.from({ length: 6 }, (_, i) => [`sum ${i}`, controlSum('size')]),
          ),
        },
      }),
      thing('criteria.controlSums: are 6, and a segment can have 5'),
    ],
  ],
  gate: [
    [{ ...valid, gate: { ...valid.gate, quorum: {} } }, 'gate.quorum: names no role'],
    [{ ...valid, gate: { ...valid.gate, quorum: { steward: 0 } } }, 'gate.quorum.steward: is not a number'],
    [{ ...valid, gate: { ...valid.gate, quorum: { Steward: 1 } } }, 'gate.quorum.Steward'],
    [
      { ...valid, gate: { ...valid.gate, override: 'steward' } },
      'gate.override: steward is in the quorum as well',
    ],
    [{ ...valid, gate: { ...valid.gate, onExpiry: 'approve' as never } }, 'gate.onExpiry'],
    [
      { ...valid, gate: { ...valid.gate, escalation: { after: '3 days', to: 'owner' } } },
      'gate.escalation.after: does not come before expiresAfter, 3 days',
    ],
    [
      { ...valid, gate: { ...valid.gate, escalation: { after: '30 seconds' as never, to: 'owner' } } },
      'gate.escalation.after: is not a span',
    ],
    [
      { ...valid, gate: { ...valid.gate, escalation: { after: '400 days', to: 'owner' } } },
      'gate.escalation.after: 400 days is not between',
    ],
    [
      { ...valid, gate: { ...valid.gate, remindEvery: '1 minutes' } },
      'gate.remindEvery: makes a gate wake 4320 times',
    ],
    [
      { ...valid, gate: { ...valid.gate, expiresAfter: '3 weeks' as never } },
      'gate.expiresAfter: is not a span',
    ],
    [
      { ...valid, gate: { ...valid.gate, remindEvery: '9 days' } },
      'gate.remindEvery: is longer than expiresAfter',
    ],
    [
      { ...valid, gate: { ...valid.gate, expiresAfter: '400 days' } },
      'gate.expiresAfter: 400 days is not between',
    ],
  ],
  slicing: [
    [withSegment({ slicing: { batchBytes: 10 } }), thing('slicing.batchBytes: is below 4 KiB')],
    [withSegment({ slicing: { chunkRecords: 20_000 } }), thing('slicing.chunkRecords: is above 10,000')],
  ],
}

describe.each(Object.entries(cases))('%s', (_, examples) => {
  test.each(examples)('example %#: finds the mistake', (migration, expected) => {
    expect(found(migration)).toContainEqual(expect.stringContaining(expected))
  })
})

test('a mistake is told once', () => {
  expect(found(withSegment({ map: { ...map, size: 'sice' } }))).toHaveLength(1)
  expect(found(withTarget({ key: ['pk', 'nothing'] }))).toHaveLength(3)
})

test('no more attributes are owned, the key among them, than one read can name', () => {
  const wide = (count: number) => {
    const names = Array.from({ length: count - 2 }, (_, i) => `field${i}`)
    const record = z.object({
      ...{ pk: z.string(), sk: z.string() },
      ...Object.fromEntries(names.map((name) => [name, z.string().optional()])),
    })
    const own = { pk: 'id', ...Object.fromEntries(names.map((name) => [name, 'id'])) }
    return withSegment({ map: { ...own, sk: 'id' }, target: { ...things.target, record } })
  }
  expect(found(wide(701))).toEqual([])
  expect(found(wide(702))).toEqual([
    expect.stringContaining(thing('map: owns 702 attributes, and a read of DynamoDB can name 701; gather')),
  ])
})

test('a contract that keeps further fields can be mapped from them', () => {
  const loose = withSource({ record: z.looseObject({ id: z.string() }) })
  expect(found(loose)).toEqual([])
  const stripped = withSource({ record: z.object({ id: z.string() }) })
  expect(found(stripped)).toHaveLength(2)
})

test('what is not a definition at all is told as well', () => {
  expect(checkMigration(undefined as never)).toHaveLength(1)
  expect(checkMigration({ name: 'warehouse' } as never).map(({ field }) => field)).toEqual([
    'segments',
    'gate',
  ])
  expect(Row).toBeInstanceOf(z.ZodObject)
})
