import { gzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { z } from 'zod'
import { s3Delimited, s3Ndjson, type SourceSpec } from '../../lambdas/shared/domain/definition/source.ts'
import type { Slice } from '../../lambdas/shared/domain/manifest.ts'
import type { SourceRecord } from '../../lambdas/shared/domain/source-record.ts'
import { Decimal } from '../../lambdas/shared/domain/value.ts'
import { resolve } from '../../lambdas/shared/domain/slicing/resolve.ts'
import type { ReadPosition, Source } from '../../lambdas/shared/ports/source.ts'
import { slicesOf } from '../support/fake-source.ts'

/** A source over a store of its own, which holds nothing yet. */
export interface SourceUnderTest {
  readonly source: Source
  readonly put: (key: string, content: string | Uint8Array) => Promise<void>
  readonly remove: (key: string) => Promise<void>
}

async function recordsOf(
  source: Source,
  slice: Slice | undefined,
  from?: ReadPosition,
): Promise<SourceRecord[]> {
  if (slice === undefined) throw new Error('there is no such slice')
  return Array.fromAsync(source.read(slice, from))
}

export async function allRecords(source: Source, batchBytes = 1 << 20): Promise<SourceRecord[]> {
  const slices: Slice[] = []
  for (const object of await source.list()) slices.push(...(await slicesOf(source, object, batchBytes)))
  return (await Promise.all(slices.map((slice) => recordsOf(source, slice)))).flat()
}

const at = { at: 'export', prefix: 'in/', record: z.unknown() }
const fields = (records: readonly SourceRecord[]) =>
  records.map((r) => ('fields' in r ? r.fields : r.problem.reason))

/** What every source promises; `make` gives a fresh one. */
export function sourceContract(make: (spec: SourceSpec) => Promise<SourceUnderTest>) {
  test('lists objects in order of their keys, and leaves out what is empty or elsewhere', async () => {
    const { source, put } = await make(s3Delimited(at))
    await put('in/b.csv', 'y,x\n1,2\n')
    await put('in/a.csv', '\ufeffx,y\r\n1,2\r\n')
    await put('in/empty.csv', '')
    await put('in/folder/', '')
    await put('other/c.csv', 'x,y\n')
    const objects = await source.list()
    expect(objects.map(({ key, size, gzip, names, body }) => ({ key, size, gzip, names, body }))).toEqual([
      { key: 'in/a.csv', size: 13, gzip: false, names: ['x', 'y'], body: { byte: 8, line: 2 } },
      { key: 'in/b.csv', size: 8, gzip: false, names: ['y', 'x'], body: { byte: 4, line: 2 } },
    ])
    expect(fields(await allRecords(source))).toEqual([
      { x: '1', y: '2' },
      { y: '1', x: '2' },
    ])
  })

  test('no objects: SourceMissing', async () => {
    const { source, put } = await make(s3Delimited(at))
    await put('in/empty.csv', '')
    await expect(source.list()).rejects.toMatchObject({ name: 'SourceMissing' })
  })

  test.each([
    ['other names', 'x,z\n1,2\n'],
    ['fewer names', 'x\n1\n'],
    ['a name twice', 'x,x\n1,2\n'],
    ['an empty name', 'x,\n1,2\n'],
    ['a header without end', `x,"${'y'.repeat(70_000)}`],
    ['no UTF-8', Buffer.from([0xff, 0xfe, 0x78, 0x0a])],
  ])('%s: HeaderMismatch, naming the object', async (_, content) => {
    const { source, put } = await make(s3Delimited(at))
    await put('in/a.csv', 'x,y\n1,2\n')
    await put('in/b.csv', content)
    await expect(source.list()).rejects.toMatchObject({
      name: 'HeaderMismatch',
      message: expect.stringContaining('in/b.csv') as unknown,
    })
  })

  test('a slice is read with places and raw text, and from any of its records on', async () => {
    const { source, put } = await make(s3Delimited({ ...at, delimiter: ';', nullToken: '\\N' }))
    await put('in/a.csv', 'x;y\n1;\\N\n"2\n";"\\N"\n3\n\n"4"x;5\n6;7')
    const [object] = await source.list()
    const [slice] = object ? await slicesOf(source, object, 1 << 20) : []
    const key = 'in/a.csv'
    const records = await recordsOf(source, slice)
    expect(records).toEqual([
      { ordinal: 0, place: { object: key, line: 2, byte: 4 }, raw: '1;\\N', fields: { x: '1', y: null } },
      {
        ordinal: 1,
        place: { object: key, line: 3, byte: 9 },
        raw: '"2\n";"\\N"',
        fields: { x: '2\n', y: '\\N' },
      },
      {
        ordinal: 2,
        place: { object: key, line: 5, byte: 19 },
        raw: '3',
        problem: { reason: 'RaggedRow', detail: 'the record has 1 field, its object has 2 names' },
      },
      {
        ordinal: 3,
        place: { object: key, line: 7, byte: 22 },
        raw: '"4"x;5',
        problem: { reason: 'StrayQuote', detail: expect.any(String) as unknown },
      },
      { ordinal: 4, place: { object: key, line: 8, byte: 29 }, raw: '6;7', fields: { x: '6', y: '7' } },
    ])
    for (const { ordinal, place } of records) {
      const rest = await recordsOf(source, slice, { ordinal, byte: place.byte, line: place.line })
      expect(rest).toEqual(records.slice(ordinal))
    }
  })

  test('slices of any size join to the whole, plain and gzip', async () => {
    const rows = Array.from({ length: 300 }, (_, i) => `${i},"${'text\n'.repeat(i % 7)}"\r\n`).join('')
    const bytes = Buffer.from(`id,text\r\n${rows}`)
    const members = [bytes.subarray(0, 1000), bytes.subarray(1000)].map((part) => gzipSync(part))
    const { source, put } = await make(s3Delimited(at))
    await put('in/a.csv', bytes)
    await put('in/b.csv.gz', Buffer.concat(members))
    const [plain, packed] = await source.list()
    if (!plain || !packed) throw new Error('two objects expected')
    const whole = await recordsOf(source, (await slicesOf(source, plain, 1 << 20))[0])
    expect(whole).toHaveLength(300)
    for (const object of [plain, packed]) {
      const slices = await slicesOf(source, object, 512)
      expect(slices.length).toBeGreaterThan(8)
      const parts = await Promise.all(slices.map((slice) => recordsOf(source, slice)))
      expect(parts.map((records) => records.length)).toEqual(slices.map(({ records }) => records))
      const content = (records: SourceRecord[]) =>
        records.map(({ place, raw }) => ({ raw, line: place.line, byte: place.byte }))
      expect(content(parts.flat())).toEqual(content(whole))
      const [last] = parts.at(-1) ?? []
      const slice = slices.at(-1)
      if (last) expect(await recordsOf(source, slice, { ordinal: 0, ...last.place })).toEqual(parts.at(-1))
    }
  })

  test('ranges that are scanned apart join, wherever they are cut', async () => {
    const { source, put } = await make(s3Delimited(at))
    await put('in/a.csv', 'x,y\r\n\r\n1,"\r\n"\r\n\r\n3,4')
    const [object] = await source.list()
    if (!object) throw new Error('an object expected')
    for (let cut = 1; cut < object.size; cut++) {
      const scans = await Promise.all([
        source.scan(object, cut, object.size, 1 << 20),
        source.scan(object, 0, cut, 1 << 20),
      ])
      const slices = resolve(object, scans, 1)
      const places = slices.map(({ start, line, records }) => ({ start, line, records }))
      const both = [
        { start: 7, line: 3, records: 1 },
        { start: 17, line: 6, records: 1 },
      ]
      // A slice begins with the first record in a block, and each range is one block here.
      expect(places, `cut at ${cut}`).toEqual(
        cut > 7 && cut <= 17 ? both : [{ start: 7, line: 3, records: 2 }],
      )
    }
  })

  test.each(['replaced', 'deleted'])('an object that was %s: SourceChanged, naming it', async (how) => {
    const { source, put, remove } = await make(s3Delimited(at))
    await put('in/a.csv', 'x,y\n1,2\n')
    const [object] = await source.list()
    if (!object) throw new Error('an object expected')
    const [slice] = await slicesOf(source, object, 1 << 20)
    await (how === 'replaced' ? put('in/a.csv', 'x,y\n1,3\n') : remove('in/a.csv'))
    const refusal = { name: 'SourceChanged', message: expect.stringContaining('in/a.csv') as unknown }
    await expect(recordsOf(source, slice)).rejects.toMatchObject(refusal)
    await expect(source.scan(object, 0, object.size, 1 << 20)).rejects.toMatchObject(refusal)
  })

  test('an aborted signal ends the reading with its reason', async () => {
    const { source, put } = await make(s3Ndjson(at))
    await put('in/a.ndjson', '{"a":1}\n'.repeat(100_000))
    const [object] = await source.list()
    const [slice] = object ? await slicesOf(source, object, 1 << 30) : []
    if (!slice) throw new Error('a slice expected')
    const reason = new Error('time is over')
    const abort = new AbortController()
    const reading = async () => {
      for await (const { ordinal } of source.read(slice, undefined, abort.signal)) {
        if (ordinal === 10) abort.abort(reason)
      }
    }
    await expect(reading()).rejects.toBe(reason)
  })

  test('NDJSON keeps numbers exact, and names what cannot be read', async () => {
    const { source, put } = await make(s3Ndjson(at))
    const lines = [
      '\ufeff{"n":9007199254740993,"d":[0.10000000000000000555,1.50]}',
      '{"a":1,"a":2}',
      '{"__proto__":{"x":1}}',
      '[1]',
      '{"a":',
      '',
      '{"a":"a:b\\"","e":1e2}\r',
    ]
    await put('in/a.ndjson', lines.join('\n'))
    const [first, twice, proto, list, cut, last, ...rest] = fields(await allRecords(source))
    expect(first).toEqual({
      n: new Decimal('9007199254740993'),
      d: [new Decimal('0.10000000000000000555'), 1.5],
    })
    expect([twice, list, cut]).toEqual(['InvalidJson', 'InvalidJson', 'InvalidJson'])
    expect(Object.entries(proto ?? {})).toEqual([['__proto__', { x: 1 }]])
    expect(last).toEqual({ a: 'a:b"', e: 100 })
    expect(rest).toEqual([])
  })
}
