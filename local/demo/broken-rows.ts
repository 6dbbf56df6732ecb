/**
 * Which rows of the demo are broken on purpose, and how. `id` is a row's position in its npm package, from 1.
 *
 *     cities: each row whose id is a multiple of 997, in turn
 *       1  country is `Atlantis`                  SourceContract, country
 *       2  latitude is 123,45                     SourceContract, lat
 *       3  the name is null                       SourceContract, city_name
 *       4  the last field is left out             RaggedRow
 *       5  longitude is `12,3,4`                  SourceContract, lng
 *       6  the date is 31.02.1969                 SourceContract, recorded_on
 *       7  division is `X#1`, which breaks a key  TargetContract, sk
 *       8  the mail address has a blank for its @ SourceContract, surveyor_mail
 *
 *     airports: each row whose id is a multiple of 499, in turn
 *       1  country is `Atlantis`                  SourceContract, country
 *       2  latitude is -123,45                    SourceContract, lat
 *       3  the ICAO code is null                  SourceContract, icao
 *       4  there is one field too many            RaggedRow
 *       5  altitude is `about 300`                SourceContract, altitude_ft
 *       6  the number has no plus                 SourceContract, contact_phone
 */
export interface BrokenRowRule {
  readonly every: number
  /** One change of a row's fields for each way of breaking it. */
  readonly ways: readonly ((fields: Row) => readonly (string | null)[])[]
}

/** The fields of a row by column, in the order of the header. */
export type Row = Readonly<Record<string, string | null>>

const changed = (name: string, change: (value: string) => string) => (row: Row) =>
  Object.values({ ...row, [name]: change(row[name] ?? '') })
const withField = (name: string, value: string | null) => (row: Row) =>
  Object.values({ ...row, [name]: value })

export const brokenCities: BrokenRowRule = {
  every: 997,
  ways: [
    withField('country', 'Atlantis'),
    withField('lat', '123,45'),
    withField('city_name', null),
    (row) => Object.values(row).slice(0, -1),
    withField('lng', '12,3,4'),
    withField('recorded_on', '31.02.1969'),
    withField('admin_1', 'X#1'),
    changed('surveyor_mail', (mail) => mail.replace('@', ' ')),
  ],
}

export const brokenAirports: BrokenRowRule = {
  every: 499,
  ways: [
    withField('country', 'Atlantis'),
    withField('lat', '-123,45'),
    withField('icao', null),
    (row) => [...Object.values(row), 'surplus'],
    withField('altitude_ft', 'about 300'),
    changed('contact_phone', (phone) => phone.replace('+', '')),
  ],
}

/** The fields as they are written: broken where the rule says so, else as they are. */
export function fieldsAsWritten(row: Row, id: number, rule: BrokenRowRule): readonly (string | null)[] {
  const way = id % rule.every === 0 ? rule.ways[(id / rule.every - 1) % rule.ways.length] : undefined
  return way === undefined ? Object.values(row) : way(row)
}
