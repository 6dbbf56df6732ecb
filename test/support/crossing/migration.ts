import { z } from 'zod'
import {
  atMost,
  defineMigration,
  defineSegment,
  dynamoDb,
  full,
  pilot,
  rehearse,
  s3Delimited,
} from '#lockgate'

/**
 * A small migration with some of everything, in many batches of several chunks: two segments in one table, one that
 * finds it empty and one that finds records there, rows that are filtered, that break a contract and that share a key.
 */
const Row = z.object({
  id: z.string().regex(/^\d+$/),
  name: z.string().min(1),
  mail: z.string(),
  open: z.string(),
  note: z.string(),
})
const Place = z.object({
  pk: z.string(),
  sk: z.string(),
  name: z.string(),
  mail: z.string(),
  owner: z.string(),
  note: z.string(),
})

const segment = (name: string, holds: 'empty' | 'records', dependsOn: string[]) =>
  defineSegment({
    name,
    owner: 'tests',
    dependsOn,
    source: s3Delimited({ at: 'legacyExport', prefix: `${name}/`, record: Row }),
    target: dynamoDb({
      ...{ at: 'places', record: Place, key: ['pk', 'sk'], holds },
      scope: { attribute: 'sk', prefix: `${name.toUpperCase()}#` },
    }),
    filter: { closed: (row) => row.open === 'no' },
    map: {
      pk: (row) => `PLACE#${row.id}`,
      sk: () => `${name.toUpperCase()}#`,
      name: 'name',
      mail: { from: 'mail', pii: 'mask' },
      note: 'note',
      owner: { from: 'mail', pii: 'hash' },
    },
    criteria: { quarantineRate: atMost(0.2) },
    stages: [rehearse(), pilot({ share: 0.2 }), full()],
    slicing: { batchBytes: 4_096, chunkRecords: 8 },
  })

export default defineMigration({
  name: 'crossing',
  segments: [segment('towns', 'empty', []), segment('ports', 'records', ['towns'])],
  gate: { quorum: { steward: 1 }, expiresAfter: '3 days', remindEvery: '1 days' },
})
