import type { JudgedCriterion } from '../evidence.ts'

const whole = new Intl.NumberFormat('en-GB', { maximumFractionDigits: 0 })
const precise = new Intl.NumberFormat('en-GB', { maximumFractionDigits: 4 })
const exact = new Intl.NumberFormat('en-GB', { maximumSignificantDigits: 15 })
const shares: readonly string[] = ['completeness', 'accuracy', 'quarantineRate']
const signs = { atLeast: 'at least', atMost: 'at most', exactly: 'exactly' } as const

export function countText(count: number): string {
  return whole.format(count)
}

/** `1 record`, `2,000 records`. */
export function plural(count: number, one: string, many = `${one}s`): string {
  return `${countText(count)} ${count === 1 ? one : many}`
}

/** `quarantineRate` is `Quarantine rate`. */
export function figureTitle(figure: string): string {
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
  return shares.includes(figure) ? percent(value) : precise.format(value)
}

export function limitText({ figure, is, limit, breachAt }: JudgedCriterion): string {
  const text = `${signs[is]} ${figureText(figure, limit)}`
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
