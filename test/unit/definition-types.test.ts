import { expect, test } from 'vitest'
import { z } from 'zod'
import { defineSegment, dynamoDb, full, rehearse, s3Delimited } from '#lockgate'

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
