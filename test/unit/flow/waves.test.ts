import { expect, test } from 'vitest'
import { z } from 'zod'
import { defineMigration, defineSegment, dynamoDb, full, pilot, ramp, rehearse, s3Delimited } from '#lockgate'
import { waves } from '../../../lambdas/shared/domain/waves.ts'

const Row = z.object({ id: z.string() })
const Thing = z.object({ pk: z.string() })

const segment = (
  name: string,
  dependsOn: string[] = [],
  stages = [rehearse(), pilot({ share: 0.1 }), full()],
) =>
  defineSegment({
    name,
    owner: 'tests',
    dependsOn,
    source: s3Delimited({ at: 'export', prefix: `${name}/`, record: Row }),
    target: dynamoDb({ at: 'things', record: Thing, key: ['pk'] }),
    map: { pk: 'id' },
    stages,
  })

const migration = (...segments: ReturnType<typeof segment>[]) =>
  defineMigration({ name: 'm', segments, gate: { quorum: { steward: 1 } } })

const laidOut = (found: ReturnType<typeof waves>) =>
  found.map((wave) => wave.map(({ segment, stage }) => `${segment}/${stage}`).sort())

test('a segment enters a stage after its dependency has passed it, and what is free goes on meanwhile', () => {
  expect(laidOut(waves(migration(segment('cities'), segment('airports', ['cities']))))).toEqual([
    ['cities/rehearse'],
    ['airports/rehearse'],
    ['cities/pilot'],
    ['airports/pilot', 'cities/full'],
    ['airports/full'],
  ])
})

test('no load begins before every segment is rehearsed, because the key index must be complete', () => {
  const found = laidOut(waves(migration(segment('a'), segment('b'), segment('c', ['b']))))
  const lastRehearsal = found.findLastIndex((wave) => wave.some((node) => node.endsWith('/rehearse')))
  const firstLoad = found.findIndex((wave) => wave.some((node) => !node.endsWith('/rehearse')))
  expect(firstLoad).toBe(lastRehearsal + 1)
})

test('a dependency without the same stage must have passed the first one that covers the share', () => {
  const ramped = segment('b', ['a'], [rehearse(), pilot({ share: 0.1 }), ramp({ share: 0.5 }), full()])
  const found = laidOut(waves(migration(segment('a'), ramped)))
  const wave = (node: string) => found.findIndex((nodes) => nodes.includes(node))
  expect(wave('b/ramp-50')).toBeGreaterThan(wave('a/full'))
})

test('`until` leaves out what comes later, in every segment', () => {
  const found = waves(migration(segment('a'), segment('b', ['a'], [rehearse(), full()])), 'pilot')
  expect(laidOut(found)).toEqual([['a/rehearse'], ['b/rehearse'], ['a/pilot']])
  expect(() => waves(migration(segment('a')), 'ramp-7')).toThrow(
    expect.objectContaining({
      name: 'UnknownStage',
      message: expect.stringContaining('rehearse, pilot, full'),
    }),
  )
})
