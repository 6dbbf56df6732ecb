import type { Anomaly } from '../evidence.ts'
import { countText } from '../wording/figures.ts'

/** What a comparison is made with, as the sentences name it. */
export type Seen = 'rehearse' | 'the rehearsal before'

export const counted = countText

const inPercent = new Intl.NumberFormat('en-GB', { maximumSignificantDigits: 3 })

/** A share in percent; one that is not all is never rounded to it. */
export function percent(share: number): string {
  const value = share * 100
  return `${inPercent.format(share < 1 ? Math.min(value, 99.9) : value)} %`
}

const longestName = 60

/** A name from the source, in quotation marks; a long one is cut. */
export function named(name: string): string {
  const shown = name.length > longestName ? `${name.slice(0, longestName).toWellFormed()}…` : name
  return `“${shown}”`
}

/** How many times as much, without more digits than it is worth. */
export function times(ratio: number): string {
  return ratio < 10 ? String(Math.round(ratio * 10) / 10) : countText(Math.round(ratio))
}

export const rounded = (value: number, digits = 4): number => Number(value.toPrecision(digits))

const mostOfKind = 8

/** At most so many of one kind; the last one counts those of `all` that are left out. */
export function limited(found: readonly Anomaly[], what: string, all = found.length): Anomaly[] {
  const [first] = found
  if (!first || all <= mostOfKind) return [...found]
  const left = all - (mostOfKind - 1)
  const rest: Anomaly = {
    kind: first.kind,
    subject: `${left} more`,
    sentence: `${countText(left)} more ${what} are as unusual.`,
    figures: { more: left },
  }
  return [...found.slice(0, mostOfKind - 1), rest]
}

/** How many there are, also of those that one entry counts together. */
export function anomalyCount(anomalies: readonly Anomaly[]): number {
  return anomalies.reduce((sum, { figures: { more } }) => sum + (typeof more === 'number' ? more : 1), 0)
}
