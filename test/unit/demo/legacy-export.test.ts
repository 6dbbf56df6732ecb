import { describe, expect, test } from 'vitest'
import { brokenAirports, brokenCities, fieldsAsWritten } from '../../../local/demo/broken-rows.ts'
import { legacyLine } from '../../../local/demo/legacy-file.ts'
import { legacyAirport, legacyCity } from '../../../local/demo/legacy-rows.ts'

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
  expect(line(legacyCity(lyon, 1))).toBe('1;Lyon;France;84;\\N;45,74846;4,84671;07.02.1950;\\N\n')
})

test('what holds a quote or a newline is quoted; null and an empty text differ', () => {
  expect(line(legacyAirport(airport, 53))).toBe(
    '53;"Magdeburg ""City"" Airport";;Germany;\\N;EDBM;-52,5;11,626389;259;5,5;\\N;\n',
  )
  expect(line(legacyCity(lyon, 211))).toContain('"Checked by the ""survey office"";\nsee file 211"')
})

describe('rows broken on purpose', () => {
  test('are those whose id is a multiple, in turn, and no others', () => {
    const broken = Array.from({ length: 997 * 8 }, (_, index) => index + 1).filter((id) => {
      const row = legacyCity(lyon, id)
      return fieldsAsWritten(row, id, brokenCities).join() !== Object.values(row).join()
    })
    expect(broken).toEqual([1, 2, 3, 4, 5, 6, 7, 8].map((turn) => turn * 997))
    expect(fieldsAsWritten(legacyCity(lyon, 997), 997, brokenCities)[2]).toBe('Atlantis')
    expect(fieldsAsWritten(legacyCity(lyon, 997 * 8), 997 * 8, brokenCities)[2]).toBe('Atlantis')
  })

  test('can have a field too few or too many', () => {
    expect(fieldsAsWritten(legacyCity(lyon, 997 * 4), 997 * 4, brokenCities)).toHaveLength(8)
    expect(fieldsAsWritten(legacyAirport(airport, 499 * 4), 499 * 4, brokenAirports)).toHaveLength(13)
  })
})
