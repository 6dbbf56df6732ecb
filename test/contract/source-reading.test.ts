import { gzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { s3Delimited, s3Ndjson } from '../../lambdas/shared/domain/definition/source.ts'
import type { SourceRecord } from '../../lambdas/shared/domain/source-record.ts'
import { Decimal } from '../../lambdas/shared/domain/value.ts'
import { resolve } from '../../lambdas/shared/domain/slicing/resolve.ts'
import { slicesOf } from '../support/fake-source.ts'
import { allRecords, fieldsOf, recordsOf } from '../support/source-records.ts'
import { at, sources } from './sources.ts'

describe.each(sources())('what a source reads: %s', (_, make) => {
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
      const { slices } = resolve(object, scans, 1)
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
    const [first, twice, proto, list, cut, last, ...rest] = fieldsOf(await allRecords(source))
    expect(first).toEqual({
      n: new Decimal('9007199254740993'),
      d: [new Decimal('0.10000000000000000555'), 1.5],
    })
    expect([twice, list, cut]).toEqual(['InvalidJson', 'InvalidJson', 'InvalidJson'])
    expect(Object.entries(proto ?? {})).toEqual([['__proto__', { x: 1 }]])
    expect(last).toEqual({ a: 'a:b"', e: 100 })
    expect(rest).toEqual([])
  })
})
