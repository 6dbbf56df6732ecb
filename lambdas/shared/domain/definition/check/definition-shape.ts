import { z } from 'zod'
import { expiryDecisions } from '../../../contract/stages.ts'
import { unattributed } from '../../decision-log/link-drafts.ts'
import { percentiles, type StageCriteria } from '../criteria.ts'

/**
 * What the compiler cannot see of a definition: the form of names, numbers and texts. Whoever writes one without
 * the compiler is told of wrong types as well.
 */
const name = z
  .string()
  .regex(
    /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/,
    'is not kebab-case: use lower-case letters, digits and single dashes',
  )
  .max(63, 'has more than 63 characters')
const text = z.string().min(1, 'is empty')
const span = z.string().regex(/^[1-9]\d*(\.\d+)? (minutes|hours|days)$/, 'is not a span such as "3 days"')
const oneByte = z.string().regex(/^[\x01-\x7f]$/, 'is not a single ASCII character')
const fn = z.custom((value) => typeof value === 'function', 'is not a function')
const schema = z.custom((value) => value instanceof z.ZodType, 'is not a zod schema')

const from = z.union([z.string(), fn], 'is neither the name of a source field nor a function')
const mapped = z.union(
  [from, z.strictObject({ from, pii: z.enum(['mask', 'hash', 'drop', 'keep']) })],
  'is neither the name of a source field, nor a function, nor { from, pii }',
)

const objects = {
  at: text,
  prefix: z.string().regex(/^[^/]/, 'is empty or begins with a slash; S3 keys do not'),
  record: schema,
}
const source = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('s3-delimited'),
    ...objects,
    delimiter: oneByte,
    quote: oneByte,
    header: z.union(
      [z.literal(true), z.array(text).min(1, 'is an empty list')],
      'is neither true nor a list of names',
    ),
    nullToken: z.string().optional(),
    encoding: z.enum(['utf-8', 'latin1']),
  }),
  z.strictObject({ kind: z.literal('s3-ndjson'), ...objects }),
])

const target = z.strictObject({
  kind: z.literal('dynamodb'),
  at: text,
  record: z.custom((value) => value instanceof z.ZodObject, 'is not a z.object'),
  key: z.array(text).min(1, 'names no key').max(2, 'has more than a partition key and a sort key'),
  holds: z.enum(['empty', 'records']),
  scope: z.strictObject({ attribute: text, prefix: text }).optional(),
})

const severity = z.enum(['fail', 'breach']).optional()
const limit = z.strictObject({
  is: z.enum(['atLeast', 'atMost', 'exactly']),
  limit: z.number().min(0, 'is below 0'),
  breachAt: z.number().min(0, 'is below 0').optional(),
  severity,
})

const figure = limit.optional()
const stageCriteria = z.strictObject({
  completeness: figure,
  accuracy: figure,
  fieldAccuracy: z.record(text, limit).optional(),
  errorRate: figure,
  quarantineRate: figure,
  quarantineRateOf: z.record(text, limit).optional(),
  conflicts: figure,
  unexpected: figure,
  failedBatches: figure,
  anomalies: figure,
  recordsPerSecond: figure,
  batchSeconds: z.partialRecord(z.enum(percentiles), limit).optional(),
  duration: figure,
} satisfies Record<keyof StageCriteria, unknown>)
const controlSum = z.strictObject({
  field: text,
  by: text.optional(),
  tolerance: z.number().min(0, 'is below 0'),
  severity,
})
const criteria = stageCriteria.extend({
  controlSums: z.record(text.max(100, 'has more than 100 characters'), controlSum).optional(),
})

const stage = z.strictObject({
  kind: z.enum(['rehearse', 'pilot', 'ramp', 'full']),
  id: name,
  share: z.number().min(0, 'is below 0').max(1, 'is above 1'),
  criteria: stageCriteria.optional(),
})

const segment = z.strictObject({
  name,
  owner: text,
  dependsOn: z.array(name),
  source,
  target,
  references: z.unknown(),
  filter: z.record(text, fn),
  map: z.record(text, mapped),
  criteria,
  stages: z.array(stage).min(1, 'has no stage'),
  slicing: z.strictObject({
    batchBytes: z.int().min(4096, 'is below 4 KiB').max(1_073_741_824, 'is above 1 GiB').optional(),
    chunkRecords: z.int().min(1, 'is below 1').max(10_000, 'is above 10,000').optional(),
  }),
})

export const migrationShape = z.strictObject({
  name: name.refine((given) => given !== unattributed, 'is the name of a decision log that Lockgate keeps'),
  segments: z
    .array(segment)
    .min(1, 'has no segment')
    .max(40, 'has more than 40 segments, which a run cannot hold; split the migration'),
  gate: z.strictObject({
    quorum: z.record(name, z.int().positive('is not a number of people, at least 1')),
    override: name.optional(),
    fourEyes: z.boolean(),
    expiresAfter: span,
    onExpiry: z.enum(expiryDecisions),
    remindEvery: span,
    escalation: z.strictObject({ after: span, to: name }).optional(),
  }),
  calendar: z.strictObject({ at: text, stages: z.array(name).optional() }).optional(),
})
