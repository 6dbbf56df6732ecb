import { defineMigration, full, rehearse } from '#lockgate'
import { batchRef, surveyRange } from '../../lambdas/shared/contract/payloads.ts'
import { cities } from '../../migrations/cities/cities.ts'
import { RunWorld } from '../../test/support/run-world.ts'

const steps = ['extract', 'transform', 'load', 'reconcile'] as const

/** Milliseconds that each step takes for all batches of a file, over stores in memory: what is left is Lockgate's own. */
export async function timeSteps(bytes: Buffer): Promise<Record<(typeof steps)[number], number>> {
  const segments = [{ ...cities, stages: [rehearse(), full()] }]
  const migration = defineMigration({ name: 'cities', segments, gate: { quorum: { steward: 1 } } })
  const world = new RunWorld(migration, { 'cities/cities.csv': bytes.toString('utf8') })
  const { token: lockToken } = await world.runs.takeLock('cities', 'arn:run-1', undefined)
  const startedAt = '2026-01-01T00:00:00.000Z'
  const run = {
    ...{ id: 'run-1', executionArn: 'arn:run-1', startedBy: 'operator@example.com', startedAt },
    ...{ migration: 'cities', fingerprint: world.fingerprint, lockToken, concurrency: 1 },
  }
  const planning = { run, segment: 'cities', stage: 'rehearse' }
  const survey = await world.call('surveySource', { ...planning, execution: 'arn:stage-1' })
  for (const line of linesOf(world, survey.key)) {
    const range = surveyRange.parse(JSON.parse(line))
    await world.call('scanRange', { ...planning, survey: survey.survey, range })
  }
  await world.call('freezeManifest', { ...planning, survey: survey.survey })

  const loading = { ...planning, stage: 'full' }
  const { key, manifest } = await world.call('selectBatches', { ...loading, execution: 'arn:stage-2' })
  const milliseconds = { extract: 0, transform: 0, load: 0, reconcile: 0 }
  for (const line of linesOf(world, key)) {
    const { batch } = batchRef.parse(JSON.parse(line))
    for (const step of steps) {
      const started = performance.now()
      await world.call(step, { ...loading, manifest, batch, loads: true })
      milliseconds[step] += performance.now() - started
    }
  }
  return milliseconds
}

const linesOf = ({ archive }: RunWorld, key: string) =>
  (archive.text(key) ?? '').split('\n').filter((line) => line !== '')
