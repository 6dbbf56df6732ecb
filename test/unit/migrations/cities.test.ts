import { createHash } from 'node:crypto'
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Segment } from '../../../lambdas/shared/domain/definition/segment.ts'
import { recordMapper, type MappedRecord } from '../../../lambdas/shared/domain/mapping/record-mapper.ts'
import { readRecords } from '../../../lambdas/shared/domain/reading/record-reader.ts'
import { writeLegacyExport, type LegacyExport } from '../../../local/demo/write-legacy-export.ts'
import migration from '../../../migrations/cities/migration.ts'
import countries from '../../../migrations/cities/reference/countries.json' with { type: 'json' }
import { migrations } from '../../../migrations/registry.ts'
import { checkMigration } from '../../../lambdas/shared/domain/definition/check/check-migration.ts'
import { expectedPlaces, type ExpectedPlaces } from '../../support/expected-places.ts'
import { expectedQuarantine } from '../../support/expected-quarantine.ts'

/** Stands for the keyed hash. */
const hashed = (text: string) => createHash('sha256').update(text).digest('hex')

let directory: string
let folders: LegacyExport
let expected: ExpectedPlaces

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'lockgate-cities-'))
  folders = await writeLegacyExport(directory)
  expected = await expectedPlaces(hashed)
})
afterAll(() => rm(directory, { recursive: true }))

test('every registered migration has no mistake', () => {
  expect(migrations.flatMap(checkMigration)).toEqual([])
})

test('every country has an ISO code', () => {
  const wrong = Object.entries(countries).filter(([, code]) => !/^[A-Z]{2}$/.test(code))
  expect(wrong).toEqual([])
  expect(countries['Côte d’Ivoire']).toBe('CI')
  expect(countries["Cote d'Ivoire"]).toBe('CI')
})

describe.each(migration.segments)('$name', (segment) => {
  const name = segment.name as 'cities' | 'airports'

  test('each accepted row is mapped as worked out by other means, and each broken one is refused', async () => {
    const mapped = new Map<string, MappedRecord & { kind: 'mapped' }>()
    const quarantined: unknown[] = []
    let filtered = 0
    for await (const { result, place, raw } of mapAll(segment, folders[name])) {
      if (result.kind === 'mapped') mapped.set(`${text(result.key['pk'])} ${text(result.key['sk'])}`, result)
      if (result.kind === 'filtered') filtered += 1
      if (result.kind !== 'quarantined') continue
      const { reason, field } = result.problem
      quarantined.push({ ...place, raw, reason, ...(field !== undefined && { field }) })
    }
    const counts = expected[name]
    expect({ mapped: mapped.size, filtered, quarantined: quarantined.length }).toEqual({
      mapped: counts.mapped,
      filtered: counts.filtered,
      quarantined: counts.quarantined,
    })
    expect(quarantined).toEqual(await expectedQuarantine(folders[name], name))
    const wrong = [...mapped].filter(([key, { after }]) => {
      const item = Object.entries(after).flatMap(([field, value]) =>
        value === undefined
          ? []
          : [[field, typeof value === 'string' ? { S: value } : { N: JSON.stringify(value) }]],
      )
      return (
        JSON.stringify(Object.fromEntries(item)) !== JSON.stringify(sorted(expected.items.get(key), item))
      )
    })
    expect(wrong.slice(0, 3)).toEqual([])
  }, 120_000)
})

const text = (value: unknown) => (typeof value === 'string' ? value : '')

/** The expected item with its attributes in the order of the actual one; what only it has comes last. */
function sorted(item: object | undefined, order: readonly unknown[][]): unknown {
  const attributes = Object.entries(item ?? {})
  const names = order.map(([name]) => name)
  const place = (name: string) => (names.includes(name) ? names.indexOf(name) : names.length)
  return Object.fromEntries(attributes.toSorted(([a], [b]) => place(a) - place(b)))
}

async function* mapAll(segment: Segment, folder: string) {
  const map = recordMapper(segment, (text) => hashed(String(JSON.parse(text))))
  for (const file of (await readdir(folder)).sort()) {
    const stored = await readFile(join(folder, file))
    const bytes = file.endsWith('.gz') ? gunzipSync(stored) : stored
    const start = bytes.indexOf(10) + 1
    const header = bytes.subarray(0, start).toString('utf8').replace('\uFEFF', '').trim()
    const object = {
      key: `${segment.name}/${file}`,
      size: bytes.length,
      etag: '',
      gzip: false,
      names: header.split(';'),
    }
    const slice = { object, start, end: bytes.length, line: 2, records: Infinity }
    const chunks = (async function* () {
      yield bytes.subarray(start)
    })()
    for await (const record of readRecords(chunks, segment.source, slice, {
      ordinal: 0,
      byte: start,
      line: 2,
    })) {
      yield { result: map(record), place: record.place, raw: record.raw }
    }
  }
}
