import { z } from 'zod'
import {
  defineMigration,
  defineSegment,
  dynamoDb,
  exactly,
  full,
  pilot,
  ramp,
  rehearse,
  s3Delimited,
} from '#lockgate'
import type { Migration } from '../../../lambdas/shared/domain/definition/migration.ts'
import type { Segment } from '../../../lambdas/shared/domain/definition/segment.ts'

const Row = z.object({ id: z.string(), size: z.coerce.number(), mail: z.string() })
const Thing = z.object({
  pk: z.string(),
  sk: z.string(),
  size: z.number(),
  mail: z.string(),
  note: z.string().optional(),
})

const things = defineSegment({
  name: 'things',
  owner: 'tests',
  source: s3Delimited({ at: 'export', prefix: 'things/', record: Row }),
  target: dynamoDb({
    at: 'table',
    record: Thing,
    key: ['pk', 'sk'],
    scope: { attribute: 'sk', prefix: 'THING#' },
  }),
  map: {
    pk: 'id',
    sk: (row) => `THING#${row.id}`,
    size: 'size',
    mail: { from: 'mail', pii: 'hash' },
    note: () => undefined,
  },
  criteria: { accuracy: exactly(1) },
  stages: [rehearse(), pilot({ share: 0.1 }), ramp({ share: 0.5 }), full()],
})

/** A second segment over the same table. */
export const parts: Segment = {
  ...things,
  name: 'parts',
  dependsOn: ['things'],
  target: { ...things.target, scope: { attribute: 'sk', prefix: 'PART#' } },
}

export const valid = defineMigration({
  name: 'warehouse',
  segments: [things, parts],
  gate: { quorum: { steward: 1 } },
})

/** The valid migration, with something else in its first segment. */
export function withSegment(change: Partial<Segment>): Migration {
  return { ...valid, segments: [{ ...things, ...change }, parts] }
}

/** The valid migration, with another target in its first segment. */
export function withTarget(change: Partial<Segment['target']>): Migration {
  return withSegment({ target: { ...things.target, ...change } })
}

/** The valid migration, with another delimited source in its first segment. */
export function withSource(change: object): Migration {
  return withSegment({ source: { ...things.source, ...change } })
}

export { things }
