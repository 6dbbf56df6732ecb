import type { Anomaly } from '../evidence.ts'
import type { StageProfile } from '../profile/stage-profile.ts'
import { counted, limited, named, type Seen } from './words.ts'

/** Columns added, gone, and in another order. */
export function columnAnomalies(before: StageProfile, now: StageProfile, seen: Seen): Anomaly[] {
  const was = namesOf(before)
  const is = namesOf(now)
  const added = is.filter((name) => !was.includes(name))
  const gone = was.filter((name) => !is.includes(name))
  const found = [
    ...added.map((name) => ofColumn(name, `Column ${named(name)} is new: ${seen} did not see it.`)),
    ...gone.map((name) => ofColumn(name, `Column ${named(name)} is gone: ${seen} saw it.`)),
  ]
  if (added.length + gone.length === 0) found.push(...order(before, now, seen))
  return [...limited(found, 'columns'), ...undeclared(before, now, seen)]
}

/** Objects of one stage whose header rows differ. */
export function headerAnomalies({ headers }: StageProfile): Anomaly[] {
  const [most, ...others] = headers.toSorted((a, b) => b.records - a.records)
  const records = others.reduce((sum, header) => sum + header.records, 0)
  if (!most || records === 0) return []
  const sentence =
    `The objects of the source do not have the same columns in the same order: ${counted(records)} records ` +
    `have others than the ${counted(most.records)} of the most common header.`
  return [
    {
      kind: 'columns',
      subject: 'header',
      sentence,
      figures: { headers: headers.length, records, common: most.records },
    },
  ]
}

const ofColumn = (name: string, sentence: string): Anomaly => ({
  ...{ kind: 'columns', subject: name, sentence, figures: { column: name } },
})

/** Of delimited text those of the headers; of JSON those that are in any record. */
function namesOf({ headers, columns }: StageProfile): string[] {
  if (headers.length > 0) return [...new Set(headers.flatMap(({ columns: names }) => names))]
  return columns.filter(({ types }) => Object.keys(types).length > 0).map(({ name }) => name)
}

function order(before: StageProfile, now: StageProfile, seen: Seen): Anomaly[] {
  const was = commonHeader(before)
  const is = commonHeader(now)
  if (!was || !is || was.length !== is.length) return []
  const moved = is.filter((name, i) => was[i] !== name)
  const [first] = moved
  if (first === undefined) return []
  const at = (names: readonly string[]) => names.indexOf(first) + 1
  const sentence =
    `The columns come in another order than ${seen} saw: ${counted(moved.length)} of ${counted(is.length)} have ` +
    `another place, ${named(first)} the ${ordinal(at(is))} and not the ${ordinal(at(was))}.`
  return [
    { kind: 'columns', subject: 'order', sentence, figures: { moved: moved.length, columns: is.length } },
  ]
}

const commonHeader = ({ headers }: StageProfile) =>
  headers.toSorted((a, b) => b.records - a.records)[0]?.columns

function ordinal(n: number): string {
  const teen = n % 100 > 10 && n % 100 < 14
  return `${n}${teen ? 'th' : (['th', 'st', 'nd', 'rd'][n % 10] ?? 'th')}`
}

function undeclared(before: StageProfile, now: StageProfile, seen: Seen): Anomaly[] {
  if (before.undeclared > 0 || now.undeclared === 0) return []
  const sentence = `${counted(now.undeclared)} records have a name that the contract does not declare; ${seen} saw none.`
  return [{ kind: 'columns', subject: 'undeclared names', sentence, figures: { records: now.undeclared } }]
}
