import { defaultCriteria, percentiles, type Criteria, type Percentile } from './criteria.ts'
import type { ControlSumSpec } from './control-sum.ts'
import { figureTraits, type FigureName } from './figure-traits.ts'
import { exactly, type Limit } from './limit.ts'

/** One limit on one figure. `of`: field, reason, percentile or name, where the figure has several. */
export interface Criterion {
  readonly name: FigureName
  readonly of?: string
  readonly limit: Limit
}

/** Every criterion, in the order of the figures, with the default where a migration is silent. */
export function criterionList(criteria: Criteria): Criterion[] {
  return names.flatMap((name) => {
    const named = criteriaOn(name, criteria)
    return named.length > 0 ? named : criteriaOn(name, defaultCriteria)
  })
}

/** The same without the defaults. */
export function namedCriteria(criteria: Criteria): Criterion[] {
  return names.flatMap((name) => criteriaOn(name, criteria))
}

const names = Object.keys(figureTraits) as FigureName[]

function criteriaOn(name: FigureName, criteria: Criteria): Criterion[] {
  switch (name) {
    case 'fieldAccuracy':
    case 'quarantineRateOf':
      return eachOf(name, criteria[name])
    case 'batchSeconds':
      return eachOf(name, criteria.batchSeconds).toSorted((a, b) => rank(a) - rank(b))
    case 'controlSums':
      return Object.entries(criteria.controlSums ?? {}).map(([of, spec]) => ({
        name,
        of,
        limit: noGroupOff(spec),
      }))
    default: {
      const limit = criteria[name]
      return limit === undefined ? [] : [{ name, limit }]
    }
  }
}

function eachOf(name: FigureName, limits: Readonly<Record<string, Limit | undefined>> = {}): Criterion[] {
  return Object.entries(limits).flatMap(([of, limit]) => (limit === undefined ? [] : [{ name, of, limit }]))
}

const rank = ({ of }: Criterion) => percentiles.indexOf(of as Percentile)

const noGroupOff = ({ severity }: ControlSumSpec): Limit =>
  exactly(0, severity === undefined ? {} : { severity })

/** The figure's name in evidence: `fieldAccuracy.name`. */
export function figureOf({ name, of }: Pick<Criterion, 'name' | 'of'>): string {
  return of === undefined ? name : `${name}.${of}`
}
