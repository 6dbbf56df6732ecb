import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { crossingProject } from '../support/crossing/project.ts'
import { writeCrossingSource } from '../support/crossing/source.ts'
import { disturbedRun, undisturbedRun, type EndedRun } from '../support/fault-runs.ts'

/** A fifth of all calls to the stores fails, half of them after they took effect, and nothing of it shows in the end. */
const share = 0.2
const seeds = [1, 2, 3]

let directory: string
let undisturbed: EndedRun
let disturbed: ReadonlyMap<number, PromiseSettledResult<EndedRun>>

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'lockgate-faults-'))
  const project = join(directory, 'project')
  await crossingProject(project)
  const sources = await writeCrossingSource(join(directory, 'source'), { towns: 150, ports: 50 })
  const place = { project, directory, command: ['start', 'crossing', ...sources] }
  undisturbed = await undisturbedRun(place)
  // Side by side: most of their time they wait to try again.
  const runs = await Promise.allSettled(seeds.map((seed) => disturbedRun(place, { share, seed })))
  disturbed = new Map(runs.map((run, i) => [seeds[i] ?? 0, run]))
})

afterAll(() => rm(directory, { recursive: true, force: true }))

test.each(seeds)('with the faults of seed %i a run ends like one that nobody disturbs', (seed) => {
  const run = disturbed.get(seed)
  if (run?.status !== 'fulfilled') throw run?.reason
  const { outcome, stages, calls, failed, seconds } = run.value
  console.log(
    `seed ${seed}: ${failed} of ${calls} calls failed, ${seconds} s (undisturbed ${undisturbed.seconds} s)`,
  )
  expect(outcome).toEqual(undisturbed.outcome)
  expect(stages).toEqual(undisturbed.stages)
  expect(failed / calls).toBeCloseTo(share, 1.5)
})
