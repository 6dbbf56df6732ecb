import type { Anomaly } from '../evidence.ts'
import { filledOf, type StageProfile, type Tally } from '../profile/stage-profile.ts'
import { valueTypes } from '../profile/value-type.ts'
import { hasMoved, type CountedShare } from './share-test.ts'
import { limited, named, percent, rounded, type Seen } from './words.ts'

type Column = StageProfile['columns'][number]
const none: Tally = { count: 0, spread: 0 }

/** A column as it was in a profile, and as it is in a later one. */
interface Change {
  readonly was: Column
  readonly before: StageProfile
  readonly is: Column
  readonly now: StageProfile
  readonly seen: Seen
}

/** Columns whose values are of other types, or null more or less often, than they were. */
export function valueAnomalies(before: StageProfile, now: StageProfile, seen: Seen): Anomaly[] {
  const changes = now.columns.flatMap((is): Change[] => {
    const was = before.columns.find(({ name }) => name === is.name)
    return was ? [{ was, before, is, now, seen }] : []
  })
  const types = changes.flatMap(typeAnomaly)
  const nulls = changes.flatMap(nullAnomaly)
  return [...limited(types, 'columns'), ...limited(nulls, 'columns')]
}

/** The type whose share has grown most: what is new says more than what is gone. */
function typeAnomaly({ was, before, is, now, seen }: Change): Anomaly[] {
  const shares = (
    column: Column,
    { batches }: StageProfile,
    type: (typeof valueTypes)[number],
  ): CountedShare => ({
    ...{ tally: column.types[type] ?? none, whole: filledOf(column), batches },
  })
  const moved = valueTypes
    .map((type) => ({ type, from: shares(was, before, type), to: shares(is, now, type) }))
    .filter(({ from, to }) => hasMoved(from, to))
    .toSorted((a, b) => growth(b.from, b.to) - growth(a.from, a.to))
  const [most] = moved
  if (!most) return []
  const { type, from, to } = most
  const sentence =
    `Values of ${named(is.name)} have changed type: ${percent(share(to))} of them are ${kinds[type]}, where ` +
    `${seen} saw ${percent(share(from))}.`
  const figures = { type, before: rounded(share(from)), now: rounded(share(to)), values: to.whole }
  return [{ kind: 'types', subject: is.name, sentence, figures }]
}

function nullAnomaly({ was, before, is, now, seen }: Change): Anomaly[] {
  const from = { tally: was.nulls, whole: before.records - before.unread, batches: before.batches }
  const to = { tally: is.nulls, whole: now.records - now.unread, batches: now.batches }
  if (!hasMoved(from, to)) return []
  const sentence =
    `${named(is.name)} is null or empty in ${percent(share(to))} of the records, where ${seen} saw ` +
    `${percent(share(from))}.`
  const figures = { before: rounded(share(from)), now: rounded(share(to)), records: to.whole }
  return [{ kind: 'nulls', subject: is.name, sentence, figures }]
}

const share = ({ tally: { count }, whole }: CountedShare) => (whole > 0 ? count / whole : 0)
const growth = (from: CountedShare, to: CountedShare) => share(to) - share(from)

const kinds: Readonly<Record<(typeof valueTypes)[number], string>> = {
  number: 'numbers',
  boolean: 'booleans',
  list: 'lists',
  map: 'maps',
  'whole number': 'whole numbers',
  decimal: 'decimals',
  date: 'dates',
  time: 'times',
  text: 'text',
}
