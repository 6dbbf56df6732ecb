import { z } from 'zod'
import { exactNumber } from '#lockgate'
import countries from './reference/countries.json' with { type: 'json' }

/** How the legacy system writes its files. */
export const legacyExport = { at: 'legacyExport', delimiter: ';', nullToken: '\\N' } as const

/** Reference data; part of the migration's fingerprint. */
export const references = { countries }

/** A country's English name, in any spelling that `reference/countries.json` turns into an ISO 3166 code. */
export const countryName = z.custom<keyof typeof countries>(
  (name) => typeof name === 'string' && Object.hasOwn(countries, name),
  'no ISO code in reference/countries.json',
)

/** `-12,5`. What a double cannot hold exactly goes to quarantine; nothing is rounded. */
export const decimalComma = z
  .string()
  .regex(/^-?\d+(,\d+)?$/, 'not a number with a decimal comma')
  .transform((text, context) => {
    const value = exactNumber(text.replace(',', '.'))
    if (typeof value === 'number') return value
    context.addIssue('more digits than a double holds')
    return z.NEVER
  })

export const latitude = decimalComma.pipe(z.number().min(-90).max(90))
export const longitude = decimalComma.pipe(z.number().min(-180).max(180))

/** `31.12.1969` becomes `1969-12-31`; a day that no calendar has is refused. */
export const dayMonthYear = z
  .string()
  .regex(/^\d{2}\.\d{2}\.\d{4}$/, 'not a date such as 31.12.1969')
  .transform((text) => text.split('.').reverse().join('-'))
  .pipe(z.iso.date())

/** A positive whole number without leading zeros. */
export const positiveInteger = z
  .string()
  .regex(/^[1-9]\d{0,14}$/, 'not a positive whole number')
  .transform(Number)

/** `+999 41 1234567`. */
export const phoneNumber = z.string().regex(/^\+\d{1,3}( \d+)+$/, 'not a number such as +999 41 1234567')
