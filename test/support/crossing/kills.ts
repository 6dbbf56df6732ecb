import { z } from 'zod'
import type { Checkpoint } from '../../../lambdas/shared/domain/checkpoint.ts'
import type { StoredObject } from '../../../local/services/s3/object-index.ts'
import type { StateLeft } from './state-left.ts'

/** mulberry32: numbers from 0 to below 1, the same for the same seed. */
export function randomFrom(seed: number): () => number {
  let a = seed
  return () => {
    a = (a + 0x6d2b79f5) | 0
    let t = Math.imul(a ^ (a >>> 15), 1 | a)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296
  }
}

/** What an undisturbed run takes: requests, and writes of checkpoints. */
export interface Undisturbed {
  readonly requests: number
  readonly writes: number
}

/**
 * After how many more requests the next of `kills` kills comes, so that they lie spread over the run: up to twice an
 * even share of what is left of it, as far as its checkpoints tell; half of that inside load.
 */
export function nextKill(
  { checkpoints }: Pick<StateLeft, 'checkpoints'>,
  undisturbed: Undisturbed,
  kills: number,
  random: () => number,
): number {
  const left = undisturbed.requests * (1 - Math.min(1, writesOf(checkpoints) / undisturbed.writes))
  const most = isLoading(checkpoints) ? 1 : 2
  return 1 + Math.floor((random() * most * left) / (kills + 1))
}

export function isLoading(checkpoints: StateLeft['checkpoints']): boolean {
  return checkpoints.values().some(({ state }) => state === 'loading')
}

export function writesOf(checkpoints: ReadonlyMap<string, Checkpoint>): number {
  return [...checkpoints.values()].reduce((sum, { revision = 0 }) => sum + revision, 0)
}

/** What is finished at a kill, and must not be touched again. */
export interface Finished {
  /** Checkpoints of batches that are reconciled. */
  readonly checkpoints: ReadonlyMap<string, Checkpoint>
  /** Objects of the same batches, undo chunks of any, and what rehearsals that have passed have left of theirs. */
  readonly objects: ReadonlyMap<string, StoredObject>
}

const stageItem = z.object({
  content: z.object({ segment: z.string(), stage: z.string(), status: z.string() }),
})
const ofBatch = /^\w+\/(?<kind>[\w-]+)\/crossing\/(?<segment>\w+)\/[0-9a-f]+\/(?:batches\/)?(?<batch>\d+)[./]/

export function finishedIn({ checkpoints, objects, tables }: StateLeft): Finished {
  const reconciled = new Map([...checkpoints].filter(([, { state }]) => state === 'reconciled'))
  const stages = tables.checkpoints.filter(({ sk }) => String(sk).startsWith('STAGE#'))
  const rehearsed = new Set(
    stages
      .map((item) => stageItem.parse(item).content)
      .filter(({ stage, status }) => stage === 'rehearse' && status === 'passed')
      .map(({ segment }) => segment),
  )
  const isFinished = (key: string) => {
    const { kind = '', segment = '', batch = '' } = ofBatch.exec(key)?.groups ?? {}
    if (kind === 'undo' || reconciled.has(`${segment}/${batch}`)) return true
    return rehearsed.has(segment) && kind !== 'conflicts' && kind !== 'differences'
  }
  return { checkpoints: reconciled, objects: new Map([...objects].filter(([key]) => isFinished(key))) }
}
