import { expect, test } from 'vitest'
import { z } from 'zod'
import { defineMigration, defineSegment, dynamoDb, full, rehearse, s3Delimited } from '#lockgate'
import { StageWorld } from '../../support/stage-world.ts'

/** 300,000 records of two bytes, in some 50 batches of 6,000. */
const text = `id\n${'1\n'.repeat(300_000)}`

const world = (chunkRecords: number) =>
  new StageWorld(
    defineMigration({
      name: 'm',
      segments: [
        defineSegment({
          name: 'a',
          owner: 'tests',
          source: s3Delimited({ at: 'export', prefix: 'a/', record: z.object({ id: z.string() }) }),
          target: dynamoDb({ at: 'things', record: z.object({ pk: z.string() }), key: ['pk'] }),
          map: { pk: 'id' },
          stages: [rehearse(), full()],
          slicing: { chunkRecords },
        }),
      ],
      gate: { quorum: { steward: 1 } },
    }),
    { a: { 'a/1.csv': text } },
  )

test('a batch of more chunks than a checkpoint can record is refused when it is planned', async () => {
  await expect(world(1).plan('a')).rejects.toMatchObject({
    name: 'InvalidDefinition',
    message: expect.stringMatching(/a\/1\.csv.* chunks.*raise slicing\.chunkRecords/) as unknown,
  })
  await expect(world(2).plan('a')).resolves.toBeUndefined()
})
