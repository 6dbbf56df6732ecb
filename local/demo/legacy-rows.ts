import { brokenCities, type Row } from './broken-rows.ts'
import { contacts, inventedPerson, surveyors } from './invented-people.ts'
import type { PackageAirport, PackageCity } from './packages.ts'

const countryNames = new Intl.DisplayNames(['en'], { type: 'region' })
const firstDay = Date.UTC(1950, 0, 1)
const dayMilliseconds = 86_400_000

/** A city as the legacy system exports it. `id` is the position in the package, from 1. */
export function legacyCity(city: PackageCity, id: number): Row {
  const surveyor = isSurveyed(id) ? inventedPerson(id, surveyors) : undefined
  return {
    id: String(id),
    city_name: city.name,
    country: countryNames.of(city.country) ?? city.country,
    admin_1: city.admin1 === '' ? null : city.admin1,
    admin_2: city.admin2 === '' ? null : city.admin2,
    lat: withComma(city.lat),
    lng: withComma(city.lng),
    recorded_on: recordedOn(id),
    surveyor: surveyor?.name ?? null,
    surveyor_mail: surveyor?.mail ?? null,
    surveyor_phone: surveyor?.phone ?? null,
    remark: remark(id, 211, '\n'),
  }
}

/** An airport as the legacy system exports it. */
export function legacyAirport(airport: PackageAirport, id: number): Row {
  const contact = inventedPerson(id, contacts)
  return {
    id: String(id),
    name: airport.name,
    served_city: airport.city,
    country: airport.country,
    iata: airport.iata,
    icao: airport.icao,
    lat: withComma(String(airport.latitude)),
    lng: withComma(String(airport.longitude)),
    altitude_ft: String(airport.altitude),
    utc_offset: withComma(String(airport.timezone)),
    time_zone: airport.tz,
    contact: contact.name,
    contact_mail: contact.mail,
    contact_phone: contact.phone,
    remark: remark(id, 101, '\r\n'),
  }
}

/** Each fourth city, and each broken row: what is in quarantine has personal values in it. */
const isSurveyed = (id: number) => id % 4 === 0 || id % brokenCities.every === 0

const withComma = (number: string) => number.replace('.', ',')

/** A day between 1950 and 2018, by id, as `dd.mm.yyyy`. */
function recordedOn(id: number): string {
  const day = new Date(firstDay + ((id * 37) % 25_000) * dayMilliseconds).toISOString().slice(0, 10)
  return day.split('-').reverse().join('.')
}

/** Some rows have a remark of two lines with delimiters and quotes, some an empty one, most have none. */
function remark(id: number, every: number, newline: string): string | null {
  if (id % every === 0) return `Checked by the "survey office";${newline}see file ${id}`
  return id % 53 === 0 ? '' : null
}
