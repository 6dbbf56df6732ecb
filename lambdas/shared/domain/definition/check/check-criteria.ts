import { isJudgedAt } from '../../criteria/stage-facts.ts'
import { ownedFields } from '../../mapping/owned-fields.ts'
import { quarantineReasons } from '../../quarantine-reasons.ts'
import type { Criteria } from '../criteria.ts'
import { figureOf, namedCriteria, type Criterion } from '../criterion-list.ts'
import { figureTraits } from '../figure-traits.ts'
import type { Segment } from '../segment.ts'
import { checkControlSums } from './check-control-sums.ts'
import { limitProblems } from './check-limit.ts'
import type { Finding } from './definition-problem.ts'

/** Limits that contradict themselves, or are on what is not there; of the segment and of each stage. */
export function checkCriteria(segment: Segment): Finding[] {
  const { name, criteria, stages } = segment
  const ofStages = stages.flatMap(({ kind, criteria: own = {} }, index) => {
    const never = namedCriteria(own).filter((one) => !isJudgedAt(one.name, kind))
    const found = [
      ...problems(segment, own),
      ...never.map((one): Problem => [figureOf(one), `is not judged at ${kind}, which has no such figure`]),
    ]
    return found.map(([figure, message]): Problem => [`stages.${index}.criteria.${figure}`, message])
  })
  const ofSegment = [...problems(segment, criteria), ...checkControlSums(segment)]
  return [...ofSegment.map(([figure, message]): Problem => [`criteria.${figure}`, message]), ...ofStages].map(
    ([field, message]) => ({ segment: name, field, message }),
  )
}

type Problem = readonly [field: string, message: string]

function problems(segment: Segment, criteria: Criteria): Problem[] {
  return namedCriteria(criteria)
    .filter(({ name }) => name !== 'controlSums')
    .flatMap((one) =>
      [...subjectProblems(segment, one), ...limitProblems(figureTraits[one.name], one.limit)].map(
        (message): Problem => [figureOf(one), message],
      ),
    )
}

function subjectProblems(segment: Segment, { name, of = '' }: Criterion): string[] {
  const owned = ownedFields(segment)
  if (name === 'fieldAccuracy' && !owned.includes(of)) {
    return [`the mapping owns no field ${of}; it owns ${owned.join(', ')}`]
  }
  const reasons: readonly string[] = quarantineReasons
  if (name === 'quarantineRateOf' && !reasons.includes(of)) {
    return [`there is no reason ${of} for quarantine; there are ${reasons.join(', ')}`]
  }
  return []
}
