import { defineMigration } from '#lockgate'
import { airports } from './airports.ts'
import { cities } from './cities.ts'

/**
 * The cities and airports of the world, from a legacy export in S3 into one DynamoDB table.
 *
 *     pk              sk                         access
 *     COUNTRY#FR      CITY#84#Lyon#27654         cities of a country, of a division, by name
 *     COUNTRY#FR      AIRPORT#LFLL               airports of a country
 *
 * Cities: GeoNames, CC-BY 4.0. Airports: OpenFlights, by way of OurAirports.
 */
export default defineMigration({
  name: 'cities',
  segments: [cities, airports],
  gate: {
    quorum: { steward: 1, qa: 1, operations: 1 },
    override: 'owner',
    expiresAfter: '3 days',
    remindEvery: '1 days',
  },
})
