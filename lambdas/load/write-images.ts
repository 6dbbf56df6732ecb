import { sameRecord, standing } from '../shared/domain/comparison.ts'
import type { Image } from '../shared/domain/undo.ts'
import type { Target } from '../shared/ports/target.ts'
import type { ChunkImages } from './durable-images.ts'

export interface WrittenChunk {
  readonly loaded: number
  readonly unchanged: number
  /** What the target held in a state that nobody expected. It was not overwritten. */
  readonly conflicts: readonly Image[]
}

/** How often a write is tried that was refused although the target holds what was expected. */
const rounds = 3

const changesNothing = ({ expected, after }: Image) => sameRecord(expected, after)

/**
 * Writes each image whose target record is as expected. The counts come from comparing what the target holds
 * with the images, so that a repeat counts what an earlier attempt wrote. @throws TargetThrottled.
 */
export async function writeImages(
  target: Target,
  { images, isFresh }: ChunkImages,
  signal: AbortSignal,
): Promise<WrittenChunk> {
  let loaded = 0
  let unchanged = 0
  const conflicts: Image[] = []
  const settle = (image: Image): void => {
    if (changesNothing(image)) unchanged += 1
    else loaded += 1
  }

  const { same = [], other = [] } = Object.groupBy(images, (image) =>
    changesNothing(image) ? 'same' : 'other',
  )
  // Images that were read a moment ago need no second look; older ones do.
  let doubtful = isFresh ? [] : same
  if (isFresh) unchanged += same.length
  let pending = other

  for (let round = 0; pending.length > 0 || doubtful.length > 0; round += 1) {
    const outcomes = pending.length > 0 ? await target.write(pending, signal) : []
    doubtful.push(...pending.filter((_, i) => outcomes[i] !== 'written'))
    pending.filter((_, i) => outcomes[i] === 'written').forEach(settle)
    pending = []

    const held = doubtful.length > 0 ? await target.read(keysOf(doubtful), signal) : []
    for (const [i, image] of doubtful.entries()) {
      const state = standing(image, held[i])
      if (state === 'done') settle(image)
      else if (state === 'pending' && round + 1 < rounds) pending.push(image)
      else conflicts.push(image)
    }
    doubtful = []
  }
  return { loaded, unchanged, conflicts }
}

const keysOf = (images: readonly Image[]) => images.map(({ key }) => key)
