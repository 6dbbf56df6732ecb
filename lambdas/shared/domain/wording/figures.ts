import { figureTraits, partsOf, type FigureTraits } from '../definition/figure-traits.ts'
import type { JudgedCriterion } from '../evidence.ts'

const whole = new Intl.NumberFormat('en-GB', { maximumFractionDigits: 0 })
const precise = new Intl.NumberFormat('en-GB', { maximumFractionDigits: 4 })
const exact = new Intl.NumberFormat('en-GB', { maximumSignificantDigits: 15 })
const signs = { atLeast: 'at least', atMost: 'at most', exactly: 'exactly' } as const

export function countText(count: number): string {
  return whole.format(count)
}

/** `1 record`, `2,000 records`. */
export function plural(count: number, one: string, many = `${one}s`): string {
  return `${countText(count)} ${count === 1 ? one : many}`
}

const titles: Readonly<Record<string, (of: string) => string>> = {
  fieldAccuracy: (field) => `Accuracy of ${field}`,
  quarantineRateOf: (reason) => `Quarantine rate of ${reason}`,
  controlSums: (name) => `Control sum ${name}`,
  batchSeconds: (percentile) =>
    percentile === 'max' ? 'Longest batch' : `Batch time, ${percentile.replace('p', '')}th percentile`,
  recordsPerSecond: () => 'Throughput',
}

/** `quarantineRate` is `Quarantine rate`, `fieldAccuracy.name` is `Accuracy of name`. */
export function figureTitle(figure: string): string {
  const { name, of = '' } = partsOf(figure)
  const title = Object.hasOwn(titles, name) ? titles[name] : undefined
  if (title) return title(of)
  const words = figure.replaceAll(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`)
  return words.charAt(0).toUpperCase() + words.slice(1)
}

/** A share in percent. One that is not 0 or 1 is never rounded to either. */
function percent(share: number): string {
  const text = precise.format(share * 100)
  const isRounded = (text === '100' && share !== 1) || (text === '0' && share !== 0)
  return `${isRounded ? exact.format(share * 100) : text} %`
}

export function figureText(figure: string, value: number | null): string {
  if (value === null) return 'not known'
  switch (unitOf(figure)) {
    case 'share':
      return percent(value)
    case 'seconds':
      return exactDuration(value)
    case 'records per second':
      return `${precise.format(value)} records/s`
    case 'count':
      return `${precise.format(value)}${figure.startsWith('controlSums.') ? ' off' : ''}`
  }
}

/** Beside a limit, a second that is rounded away would be missed. */
function exactDuration(seconds: number): string {
  const exactly = `${precise.format(seconds)} s`
  if (seconds < 60) return exactly
  return seconds % 60 === 0 ? durationText(seconds) : `${durationText(seconds)} (${exactly})`
}

/** What always holds, and no migration names, is counted. */
function unitOf(figure: string): FigureTraits['unit'] {
  const { name } = partsOf(figure)
  const traits: Readonly<Record<string, FigureTraits>> = figureTraits
  return Object.hasOwn(traits, name) ? (traits[name]?.unit ?? 'count') : 'count'
}

export function limitText({ figure, is, limit, breachAt, severity }: JudgedCriterion): string {
  const text = `${signs[is]} ${figureText(figure, limit)}`
  if (severity === 'breach') return `${text} (else a breach)`
  return breachAt === undefined ? text : `${text} (breach beyond ${figureText(figure, breachAt)})`
}

/** `1 h 2 min`, `3 min 20 s`, `4.2 s`. */
export function durationText(seconds: number): string {
  if (seconds < 60) return `${precise.format(Math.round(seconds * 10) / 10)} s`
  const rounded = Math.round(seconds)
  const hours = Math.floor(rounded / 3600)
  const minutes = Math.floor((rounded % 3600) / 60)
  if (hours > 0) return `${countText(hours)} h ${minutes} min`
  return `${minutes} min ${rounded % 60} s`
}

const units = ['bytes', 'KB', 'MB', 'GB', 'TB', 'PB'] as const

/** Decimal units: `9.7 MB`. */
export function bytesText(bytes: number): string {
  const power = bytes < 1 ? 0 : Math.min(units.length - 1, Math.floor(Math.log10(bytes) / 3))
  const rounded = Math.round((bytes / 1000 ** power) * 10) / 10
  return `${precise.format(rounded)} ${units[power]}`
}

const moment = new Intl.DateTimeFormat('en-GB', { dateStyle: 'long', timeStyle: 'short', timeZone: 'UTC' })

/** `22 November 2026 at 08:00 UTC`. */
export function momentText(at: number): string {
  return `${moment.format(at)} UTC`
}
