import { z } from 'zod'
import {
  atLeast,
  atMost,
  defineSegment,
  dynamoDb,
  exactly,
  full,
  pilot,
  rehearse,
  s3Delimited,
  within,
} from '#lockgate'
import {
  countryName,
  dayMonthYear,
  latitude,
  legacyExport,
  longitude,
  phoneNumber,
  positiveInteger,
  references,
} from './legacy-export.ts'

/** A row of the export. Its output is the `row` of filter and mapping. */
const CityRow = z.object({
  id: positiveInteger,
  city_name: z.string().min(1),
  country: countryName,
  admin_1: z.string().nullable(),
  admin_2: z.string().nullable(),
  lat: latitude,
  lng: longitude,
  recorded_on: dayMonthYear,
  surveyor: z.string().nullable(),
  surveyor_mail: z.email().nullable(),
  surveyor_phone: phoneNumber.nullable(),
  remark: z.string().nullable(),
})

/** An item of the table. A field that the mapping does not own is not named here, and is never touched. */
const City = z.object({
  pk: z.string().regex(/^COUNTRY#[A-Z]{2}$/),
  sk: z.string().regex(/^CITY#[^#]+#[^#]+#\d+$/),
  kind: z.literal('city'),
  id: z.int(),
  name: z.string(),
  country: z.string(),
  division: z.string().min(1),
  district: z.string().optional(),
  latitude: z.number(),
  longitude: z.number(),
  recordedOn: z.iso.date(),
  surveyor: z.string().optional(),
  surveyorMail: z.string().optional(),
  surveyorPhone: z.string().optional(),
  remark: z.string().optional(),
})

export const cities = defineSegment({
  name: 'cities',
  owner: 'geo',
  source: s3Delimited({ ...legacyExport, prefix: 'cities/', record: CityRow }),
  target: dynamoDb({
    at: 'places',
    record: City,
    key: ['pk', 'sk'],
    holds: 'empty',
    scope: { attribute: 'sk', prefix: 'CITY#' },
  }),
  references,
  filter: {
    // GeoNames writes 00 where a country has no divisions, or nobody knows which.
    'no administrative division': (row) => row.admin_1 === null || row.admin_1 === '00',
  },
  map: {
    pk: (row, refs) => `COUNTRY#${refs.countries[row.country]}`,
    sk: (row) => `CITY#${row.admin_1}#${row.city_name}#${row.id}`,
    kind: () => 'city' as const,
    id: 'id',
    name: 'city_name',
    country: (row, refs) => refs.countries[row.country],
    division: (row) => row.admin_1 ?? '',
    district: (row) => row.admin_2 ?? undefined,
    latitude: 'lat',
    longitude: 'lng',
    recordedOn: 'recorded_on',
    surveyor: { from: (row) => row.surveyor ?? undefined, pii: 'mask' },
    surveyorMail: { from: (row) => row.surveyor_mail ?? undefined, pii: 'hash' },
    surveyorPhone: { from: (row) => row.surveyor_phone ?? undefined, pii: 'drop' },
    remark: (row) => row.remark ?? undefined,
  },
  criteria: {
    completeness: exactly(1),
    accuracy: exactly(1),
    // A city in the wrong place is worse than one without its remark.
    fieldAccuracy: {
      latitude: exactly(1, { severity: 'breach' }),
      longitude: exactly(1, { severity: 'breach' }),
    },
    errorRate: atMost(0.002),
    quarantineRate: atMost(0.002, { breachAt: 0.02 }),
    quarantineRateOf: { RaggedRow: atMost(0.001), DuplicateTargetKey: exactly(0) },
    conflicts: exactly(0),
    batchSeconds: { p95: within('30 minutes') },
  },
  stages: [
    rehearse(),
    pilot({ share: 0.05 }),
    // Slow is all right, also on a machine that has other things to do; standing still is not.
    full({
      criteria: {
        recordsPerSecond: atLeast(0.01),
        duration: within('12 hours', { breachAt: '2 days' }),
      },
    }),
  ],
})
