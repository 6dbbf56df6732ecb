import type { ControlSum } from '../evidence.ts'
import { numberText } from '../value.ts'
import { isClose, parseExact, type Exact } from './exact.ts'
import type { Group, GroupedSums } from './grouped-sums.ts'
import { addSums, noSums, sumTexts } from './sums.ts'

const maxExamples = 20

type Off = ControlSum['examples'][number]

/** What a control sum comes to, for the evidence. The same sums give the same text, in whatever order they came. */
export function controlSumOf({ name, spec, groups }: GroupedSums): ControlSum {
  const tolerance = parseExact(numberText(spec.tolerance))
  const all = [...groups].toSorted(([a], [b]) => (a < b ? -1 : 1))
  const off = all.map(([label, group]) => offIn(label, group, tolerance)).filter((found) => found.length > 0)
  const total = (side: 'expected' | 'actual') =>
    sumTexts(all.reduce((sum, [, group]) => addSums(sum, group[side]), noSums))
  return {
    ...{ name, field: spec.field, tolerance: spec.tolerance },
    ...(spec.by !== undefined && { by: spec.by }),
    expected: total('expected'),
    actual: total('actual'),
    groups: all.length,
    off: off.length,
    examples: off.flat().slice(0, maxExamples),
  }
}

/** Where the two sides of a group are apart by more than the tolerance; counts must be equal. */
function offIn(group: string, { expected, actual }: Group, tolerance: Exact): Off[] {
  const [wanted, found] = [sumTexts(expected), sumTexts(actual)]
  const apart: Off[] =
    wanted.count === found.count
      ? []
      : [{ group, measure: 'count', expected: String(wanted.count), actual: String(found.count) }]
  for (const measure of ['sum', 'min', 'max'] as const) {
    if (isOff(expected[measure], actual[measure], tolerance)) {
      apart.push({ group, measure, expected: wanted[measure], actual: found[measure] })
    }
  }
  return apart
}

function isOff(expected: Exact | undefined, actual: Exact | undefined, tolerance: Exact): boolean {
  if (!expected || !actual) return expected !== actual
  return !isClose(expected, actual, tolerance)
}
