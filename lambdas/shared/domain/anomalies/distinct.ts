import type { Anomaly } from '../evidence.ts'
import { DistinctSketch, sketchError } from '../profile/distinct-sketch.ts'
import { filledOf, type StageProfile } from '../profile/stage-profile.ts'
import { counted, limited, named, type Seen } from './words.ts'

type Column = StageProfile['columns'][number]

const standardErrors = 4
/** A fifth more or less is growth, or the lack of it. */
const leastChange = 0.2

/**
 * Columns whose number of different values has moved. It may stay as it was (countries), grow with the number of
 * values (keys), or do something in between; only what lies outside both, by more than the sketches may be wrong and
 * more than chance explains for rare values, is an anomaly.
 */
export function distinctAnomalies(before: StageProfile, now: StageProfile, seen: Seen): Anomaly[] {
  const found = now.columns.flatMap((is) => {
    const was = before.columns.find(({ name }) => name === is.name)
    return was ? distinctAnomaly(was, is, seen) : []
  })
  return limited(found, 'columns')
}

function distinctAnomaly(was: Column, is: Column, seen: Seen): Anomaly[] {
  if (was.distinct === undefined || is.distinct === undefined) return []
  const from = DistinctSketch.decode(was.distinct)
  const to = DistinctSketch.decode(is.distinct)
  const [before, now] = [from.count(), to.count()]
  const [valuesBefore, valuesNow] = [filledOf(was), filledOf(is)]
  if (valuesBefore === 0 || valuesNow === 0) return []
  const grown = Math.min(valuesNow, (before * valuesNow) / valuesBefore)
  const errors = Math.hypot(from.isExact ? 0 : sketchError, to.isExact ? 0 : sketchError)
  const off = Math.max(leastChange, standardErrors * errors)
  const chance = standardErrors * Math.sqrt(Math.min(before, now))
  const least = Math.min(before, grown) * (1 - Math.min(off, 0.9))
  const most = Math.max(before, grown) * (1 + off)
  if (now >= least - chance && now <= most + chance) return []
  const about = (sketch: DistinctSketch) => `${sketch.isExact ? '' : 'about '}${counted(sketch.count())}`
  const sentence =
    `${named(is.name)} has ${about(to)} different values in ${counted(valuesNow)}, where ${seen} saw ` +
    `${about(from)} in ${counted(valuesBefore)}.`
  const figures = { before, now, valuesBefore, values: valuesNow }
  return [{ kind: 'distinct', subject: is.name, sentence, figures }]
}
