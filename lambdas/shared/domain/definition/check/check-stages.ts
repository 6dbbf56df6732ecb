import type { Segment } from '../segment.ts'
import type { StageSpec } from '../stage.ts'
import type { Finding } from './definition-problem.ts'

/** Order, ids and shares of a segment's stages. */
export function checkStages({ name, stages }: Segment): Finding[] {
  const at = (index: number, message: string): Finding => ({
    segment: name,
    field: `stages.${index}`,
    message,
  })
  const last = stages.length - 1
  return stages.flatMap((stage, index) => {
    const found: string[] = []
    if ((stage.kind === 'rehearse') !== (index === 0))
      found.push('rehearse() is the first stage, and only the first')
    if (stage.kind === 'full' && index !== last) found.push('full() is the last stage')
    if (index === last && stage.kind !== 'full')
      found.push('the last stage is not full(): nothing would load the rest')
    if (stage.kind === 'pilot' && index !== 1) found.push('pilot() comes directly after rehearse()')
    if (stages.findIndex(({ id }) => id === stage.id) < index)
      found.push(`another stage has the id ${stage.id}`)
    found.push(...shareProblems(stage, stages[index - 1]))
    return found.map((message) => at(index, message))
  })
}

function shareProblems({ kind, share }: StageSpec, before: StageSpec | undefined): string[] {
  if (kind !== 'pilot' && kind !== 'ramp') return []
  if (share <= 0 || share >= 1) return [`a share of ${share} is not between 0 and 1; a share of 1 is full()`]
  if (before !== undefined && before.kind !== 'full' && share <= before.share) {
    return [`a share of ${share} is not above ${before.share}, which the stage before it has loaded`]
  }
  return []
}
