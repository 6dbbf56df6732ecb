import { describe, expect, test } from 'vitest'
import {
  brokenAirports,
  brokenCities,
  fieldsAsWritten,
  type BrokenRowRule,
  type Row,
} from '../../../local/demo/broken-rows.ts'
import {
  contacts,
  inventedPerson,
  surveyors,
  type InventedPerson,
} from '../../../local/demo/invented-people.ts'
import { legacyLine } from '../../../local/demo/legacy-file.ts'
import { legacyAirport, legacyCity } from '../../../local/demo/legacy-rows.ts'
import { readAirports, readCities } from '../../../local/demo/packages.ts'
import { PersonalValues } from '../../support/personal-values.ts'

const lyon = { name: 'Lyon', lat: '45.74846', lng: '4.84671', country: 'FR', admin1: '84', admin2: '' }
const airport = {
  name: 'Magdeburg "City" Airport',
  city: '',
  country: 'Germany',
  iata: null,
  icao: 'EDBM',
  latitude: -52.5,
  longitude: 11.626389,
  altitude: 259,
  timezone: 5.5,
  tz: null,
}
const line = (row: Parameters<typeof fieldsAsWritten>[0]) => legacyLine(Object.values(row), '\n')

test('a city is written as a legacy system would', () => {
  expect(line(legacyCity(lyon, 1))).toBe('1;Lyon;France;84;\\N;45,74846;4,84671;07.02.1950;\\N;\\N;\\N;\\N\n')
})

test('what holds a quote or a newline is quoted; null and an empty text differ', () => {
  expect(line(legacyAirport(airport, 53))).toBe(
    '53;"Magdeburg ""City"" Airport";;Germany;\\N;EDBM;-52,5;11,626389;259;5,5;\\N;Hana Zisosowickmoor;hana.zisosowickmoor@example.org;+999 42 5685743;\n',
  )
  expect(line(legacyCity(lyon, 211))).toContain('"Checked by the ""survey office"";\nsee file 211"')
})

describe('rows broken on purpose', () => {
  test('are those whose id is a multiple, in turn, and no others', () => {
    const broken = Array.from({ length: 997 * 9 }, (_, index) => index + 1).filter((id) => {
      const row = legacyCity(lyon, id)
      return fieldsAsWritten(row, id, brokenCities).join() !== Object.values(row).join()
    })
    expect(broken).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9].map((turn) => turn * 997))
    expect(fieldsAsWritten(legacyCity(lyon, 997), 997, brokenCities)[2]).toBe('Atlantis')
    expect(fieldsAsWritten(legacyCity(lyon, 997 * 9), 997 * 9, brokenCities)[2]).toBe('Atlantis')
  })

  test('can have a field too few or too many', () => {
    expect(fieldsAsWritten(legacyCity(lyon, 997 * 4), 997 * 4, brokenCities)).toHaveLength(11)
    expect(fieldsAsWritten(legacyAirport(airport, 499 * 4), 499 * 4, brokenAirports)).toHaveLength(16)
  })
})

describe('personal values', () => {
  const surname = ({ mail }: InventedPerson) => /\.(\w+)@example\.org$/.exec(mail)?.[1] ?? mail
  const everybody = [
    ...Array.from({ length: 171_075 }, (_, index) => inventedPerson(index + 1, surveyors)),
    ...Array.from({ length: 7_184 }, (_, index) => inventedPerson(index + 1, contacts)),
  ]

  test('no two are alike, whatever of a person is looked at', () => {
    expect(new Set(everybody.map(surname)).size).toBe(everybody.length)
    for (const field of ['name', 'mail', 'phone'] as const)
      expect(new Set(everybody.map((person) => person[field])).size).toBe(everybody.length)
  })

  test('nothing else of the demo is like any of them', async () => {
    const surnames = new Set(everybody.map(surname))
    const others = JSON.stringify([await readCities(), await readAirports()]).toLowerCase()
    expect([...others.matchAll(/\p{L}+/gu)].filter(([word]) => surnames.has(word))).toEqual([])
    expect(others).not.toContain('+999')
  })

  test('broken rows have them, and they are broken themselves', () => {
    const field = (row: Row, id: number, name: string, rule: BrokenRowRule) =>
      fieldsAsWritten(row, id, rule)[Object.keys(row).indexOf(name)]
    const [city, port] = [997 * 8, 499 * 6]
    expect(field(legacyCity(lyon, 997), 997, 'surveyor', brokenCities)).toMatch(/dahlstad$/)
    expect(field(legacyCity(lyon, city), city, 'surveyor_mail', brokenCities)).toMatch(/\w example\.org$/)
    expect(field(legacyAirport(airport, port), port, 'contact_phone', brokenAirports)).toMatch(/^999 42 /)
  })
})

describe('what looks for personal values', () => {
  const values = new PersonalValues({ cities: 100, airports: 100 })
  const [first, last] = [inventedPerson(4, surveyors), inventedPerson(100, contacts)]

  test.each<[string, (value: string) => string]>([
    ['as it is', (value) => value],
    ['in JSON in JSON', (value) => JSON.stringify(JSON.stringify({ value: `\n${value}\t` }))],
    ['in a URL', (value) => `?q=${encodeURIComponent(value)}&n=1`],
    ['in a form', (value) => new URLSearchParams({ q: value }).toString()],
    ['in HTML, in capitals', (value) => `<b>${value.replaceAll('@', '&#64;').toUpperCase()}</b>`],
  ])('finds each %s', (_how, written) => {
    for (const { name, mail, phone } of [first, last])
      for (const value of [name, mail, phone]) expect(values.in(written(value))).toHaveLength(1)
  })

  test('finds nothing that is none, and nobody who is not asked for', () => {
    const other = inventedPerson(104, surveyors)
    expect(values.in(`+999 41 0000000 999 ${other.name} ${other.mail} ${other.phone}`)).toEqual([])
  })
})
