import { z } from 'zod'
import { atMost, defineSegment, dynamoDb, exactly, full, pilot, rehearse, s3Delimited } from '#lockgate'
import {
  countryName,
  decimalComma,
  latitude,
  legacyExport,
  longitude,
  positiveInteger,
  references,
} from './legacy-export.ts'

const AirportRow = z.object({
  id: positiveInteger,
  name: z.string().min(1),
  served_city: z.string().nullable(),
  country: countryName,
  iata: z.string().nullable(),
  icao: z.string().regex(/^[A-Z0-9]{3,4}$/, 'not an ICAO code'),
  lat: latitude,
  lng: longitude,
  altitude_ft: decimalComma.pipe(z.int()),
  utc_offset: decimalComma.pipe(z.number().min(-12).max(14)),
  time_zone: z.string().nullable(),
  remark: z.string().nullable(),
})

const Airport = z.object({
  pk: z.string().regex(/^COUNTRY#[A-Z]{2}$/),
  sk: z.string().regex(/^AIRPORT#[A-Z0-9]+$/),
  kind: z.literal('airport'),
  id: z.int(),
  name: z.string(),
  country: z.string(),
  city: z.string().optional(),
  icao: z.string(),
  iata: z.string().optional(),
  latitude: z.number(),
  longitude: z.number(),
  altitudeFeet: z.int(),
  utcOffset: z.number(),
  timeZone: z.string().optional(),
  remark: z.string().optional(),
})

export const airports = defineSegment({
  name: 'airports',
  owner: 'aviation',
  dependsOn: ['cities'],
  source: s3Delimited({ ...legacyExport, prefix: 'airports/', record: AirportRow }),
  target: dynamoDb({
    at: 'places',
    record: Airport,
    key: ['pk', 'sk'],
    holds: 'empty',
    scope: { attribute: 'sk', prefix: 'AIRPORT#' },
  }),
  references,
  filter: {
    'heliport or seaplane base': (row) => /heliport|seaplane/i.test(row.name),
  },
  map: {
    pk: (row, refs) => `COUNTRY#${refs.countries[row.country]}`,
    sk: (row) => `AIRPORT#${row.icao}`,
    kind: () => 'airport' as const,
    id: 'id',
    name: 'name',
    country: (row, refs) => refs.countries[row.country],
    city: (row) => row.served_city ?? undefined,
    icao: 'icao',
    iata: (row) => row.iata ?? undefined,
    latitude: 'lat',
    longitude: 'lng',
    altitudeFeet: 'altitude_ft',
    utcOffset: 'utc_offset',
    timeZone: (row) => row.time_zone ?? undefined,
    remark: (row) => row.remark ?? undefined,
  },
  criteria: {
    completeness: exactly(1),
    accuracy: exactly(1),
    // A pilot of few rows: there, a single bad one weighs more than in cities.
    quarantineRate: atMost(0.01, { breachAt: 0.1 }),
    conflicts: exactly(0),
  },
  stages: [rehearse(), pilot({ share: 0.05 }), full()],
})
