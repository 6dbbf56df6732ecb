import { ProfileBuilder } from '../../lambdas/shared/domain/profile/profile-builder.ts'
import type { PartProfile } from '../../lambdas/shared/domain/profile/profile.ts'
import { StageProfileBuilder, type StageProfile } from '../../lambdas/shared/domain/profile/stage-profile.ts'

export type Row = Readonly<Record<string, unknown>>

const everything = { isDeclared: () => true, isPlain: () => true }

/** The profile of a batch with these rows; `names`: its header, for delimited text. */
export function batchOf(rows: readonly Row[], names?: readonly string[]): PartProfile {
  const builder = new ProfileBuilder(everything, names)
  for (const [ordinal, fields] of rows.entries()) {
    const place = { object: 'o', line: ordinal + 1, byte: 0 }
    builder.see({ ordinal, place, raw: Object.values(fields).join(','), fields })
    builder.seeItem(300)
  }
  return builder.result()
}

/** The profile of a source in these batches. */
export function sourceOf(batches: readonly (readonly Row[])[], names?: readonly string[]): StageProfile {
  const builder = new StageProfileBuilder()
  for (const rows of batches) builder.add([batchOf(rows, names)])
  return builder.result()
}

/** Numbers from 0 to below 1 that look random, the same for the same seed (mulberry32). */
export function chances(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296
  }
}

/** Rows cut into batches of about so many. */
export function inBatches<T>(rows: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(rows.length / size) }, (_, i) => rows.slice(i * size, (i + 1) * size))
}
