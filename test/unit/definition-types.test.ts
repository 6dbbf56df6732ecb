import { expect, test } from 'vitest'
import { z } from 'zod'
import {
  atLeast,
  atMost,
  controlSum,
  defineSegment,
  dynamoDb,
  exactly,
  full,
  rehearse,
  s3Delimited,
  within,
} from '#lockgate'

const Row = z.object({ id: z.string(), size: z.coerce.number(), note: z.string().nullable() })
const Thing = z.object({ pk: z.string(), size: z.number(), note: z.string().optional() })

const parts = {
  name: 'things',
  owner: 'tests',
  source: s3Delimited({ at: 'export', prefix: 'things/', record: Row }),
  target: dynamoDb({ at: 'things', record: Thing, key: ['pk'] }),
  stages: [rehearse(), full()],
} as const

test('a mapping is checked against both contracts by the compiler', () => {
  const segment = defineSegment({
    ...parts,
    references: { prefix: 'THING#' },
    map: {
      pk: (row, refs) => refs.prefix + row.id,
      size: 'size',
      note: { from: (row) => row.note ?? undefined, pii: 'mask' },
    },
  })
  expect(Object.keys(segment.map)).toEqual(['pk', 'size', 'note'])

  // @ts-expect-error `id` is a string, and the target's size a number.
  defineSegment({ ...parts, map: { pk: 'id', size: 'id' } })
  // @ts-expect-error the target has no such field.
  defineSegment({ ...parts, map: { pk: 'id', size: 'size', colour: 'id' } })
  // @ts-expect-error the key is missing.
  defineSegment({ ...parts, map: { size: 'size' } })
  // @ts-expect-error the row has no such field.
  defineSegment({ ...parts, map: { pk: (row: { name: string }) => row.name, size: 'size' } })
})

test('criteria are checked by the compiler: fields, reasons, and one severity at a time', () => {
  const map = { pk: 'id', size: 'size' } as const
  const segment = defineSegment({
    ...parts,
    map,
    criteria: {
      fieldAccuracy: { size: exactly(1, { severity: 'breach' }) },
      quarantineRateOf: { RaggedRow: atMost(0.1) },
      controlSums: { sizes: controlSum('size', { by: 'pk', tolerance: 0.5 }), all: controlSum('size') },
      batchSeconds: { p95: within('5 minutes', { breachAt: '1 hours' }) },
    },
    stages: [rehearse(), full({ criteria: { recordsPerSecond: atLeast(1) } })],
  })
  expect(segment.criteria.batchSeconds?.p95).toEqual({ is: 'atMost', limit: 300, breachAt: 3600 })

  // @ts-expect-error the target has no such field.
  defineSegment({ ...parts, map, criteria: { fieldAccuracy: { colour: exactly(1) } } })
  // @ts-expect-error the target has no such field to sum.
  defineSegment({ ...parts, map, criteria: { controlSums: { sum: controlSum('colour') } } })
  // @ts-expect-error the target has no such field to group by.
  defineSegment({ ...parts, map, criteria: { controlSums: { sum: controlSum('size', { by: 'colour' }) } } })
  // @ts-expect-error there is no such reason.
  defineSegment({ ...parts, map, criteria: { quarantineRateOf: { Ragged: atMost(0.1) } } })
  // @ts-expect-error there is no such percentile.
  defineSegment({ ...parts, map, criteria: { batchSeconds: { p42: atMost(1) } } })
  // @ts-expect-error a breachAt leaves no severity to choose.
  expect(atMost(0.1, { breachAt: 0.2, severity: 'breach' })).toBeDefined()
  // @ts-expect-error control sums are the segment's.
  expect(full({ criteria: { controlSums: {} } })).toBeDefined()
})
