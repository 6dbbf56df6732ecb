import type { StageSpec } from './definition/stage.ts'
import { sha256 } from './digest.ts'

interface OfObject {
  readonly batch: string
  /** Source object that the batch is a slice of. */
  readonly object: string
}

/**
 * The order in which stages take batches: by SHA-256 of manifest and batch, so that a periodic layout of the
 * source does not bias a pilot, and spread evenly over the source objects.
 */
export function rolloutOrder(manifest: string, batches: readonly OfObject[]): string[] {
  const hashed = batches.map((batch) => ({ ...batch, hash: sha256(`${manifest}/${batch.batch}`) }))
  const byObject = Map.groupBy(hashed, ({ object }) => object)
  const ranked = [...byObject.values()].flatMap((group) =>
    group
      .toSorted((a, b) => (a.hash < b.hash ? -1 : 1))
      .map((batch, i) => ({ ...batch, rank: (i + 0.5) / group.length })),
  )
  return ranked.toSorted((a, b) => a.rank - b.rank || (a.hash < b.hash ? -1 : 1)).map(({ batch }) => batch)
}

/**
 * How many batches are loaded once each loading stage has passed. Every stage gets at least one batch while
 * there are as many batches as stages; with fewer, the first stages get them.
 */
export function cumulativeBatches(stages: readonly StageSpec[], total: number): Map<string, number> {
  const loading = stages.filter(({ kind }) => kind !== 'rehearse')
  const result = new Map<string, number>()
  let before = 0
  for (const [i, stage] of loading.entries()) {
    const left = total - (loading.length - 1 - i)
    const wished = stage.kind === 'full' ? total : Math.ceil(stage.share * total)
    before = Math.min(total, Math.max(before + 1, Math.min(wished, left)))
    result.set(stage.id, before)
  }
  return result
}

/** The batches of a stage: all for rehearse, else those between the share of the stage before and its own. */
export function batchesOfStage(
  stages: readonly StageSpec[],
  stage: StageSpec,
  manifest: string,
  batches: readonly OfObject[],
): string[] {
  if (stage.kind === 'rehearse') return batches.map(({ batch }) => batch)
  const reach = cumulativeBatches(stages, batches.length)
  const before = stages[stages.findIndex(({ id }) => id === stage.id) - 1]
  const from = (before && reach.get(before.id)) ?? 0
  return rolloutOrder(manifest, batches).slice(from, reach.get(stage.id))
}
