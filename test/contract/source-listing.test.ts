import { gzipSync } from 'node:zlib'
import pMap from 'p-map'
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { s3Delimited, s3Ndjson, type SourceSpec } from '../../lambdas/shared/domain/definition/source.ts'
import { allRecords, fieldsOf } from '../support/source-records.ts'
import { at, sources } from './sources.ts'

describe.each(sources())('what a source lists: %s', (_, make) => {
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
    expect(fieldsOf(await allRecords(source))).toEqual([
      { x: '1', y: '2' },
      { y: '1', x: '2' },
    ])
  })

  test('finds what has content by its name, size and ETag, and opens nothing', async () => {
    const { source, put, remove } = await make(s3Delimited(at))
    expect(await source.find()).toEqual([])
    // By code point, which is not the order of UTF-16: a surrogate is below U+FF5E.
    const keys = ['in/2', 'in/a', 'in/sub/z', 'in/\uff5e', 'in/\u{1f600}']
    for (const key of keys.toReversed()) await put(key, `no header in ${key}, "`)
    for (const key of ['in/', 'in/empty', 'other/1']) await put(key, '')
    const found = await source.find()
    expect(found.map(({ key, size }) => [key, size])).toEqual(
      keys.map((key) => [key, Buffer.byteLength(`no header in ${key}, "`)]),
    )
    expect(await source.find()).toEqual(found)
    await put('in/2', 'no header in in/3, "')
    await remove('in/a')
    const [first, second] = await source.find()
    expect(first).toMatchObject({ key: 'in/2', size: found[0]?.size })
    expect(first?.etag).not.toBe(found[0]?.etag)
    expect(second).toEqual(found[2])
  })

  test('what is listed has the size and the ETag that is found', async () => {
    const { source, put } = await make(s3Delimited(at))
    await put('in/a.csv', 'x,y\n')
    await put('in/b.csv.GZ', gzipSync('x,y\n1,2\n'))
    await put('in/blank.csv', '\r\n\n')
    const listed = await source.list()
    expect(listed.map(({ key, size, etag }) => ({ key, size, etag }))).toEqual(await source.find())
    expect(fieldsOf(await allRecords(source))).toEqual([{ x: '1', y: '2' }])
  })

  test('objects on more than one page of a listing are all found', async () => {
    const { source, put } = await make(s3Ndjson(at))
    const keys = Array.from({ length: 1001 }, (_, i) => `in/${String(i).padStart(4, '0')}`)
    await pMap(keys, (key) => put(key, '{}'), { concurrency: 16 })
    expect((await source.find()).map(({ key }) => key)).toEqual(keys)
  })

  test('no objects: SourceMissing', async () => {
    const { source, put } = await make(s3Delimited(at))
    await put('in/', '')
    await put('other/a.csv', 'x,y\n1,2\n')
    await expect(source.list()).rejects.toMatchObject({ name: 'SourceMissing' })
    await expect(source.check()).rejects.toMatchObject({ name: 'SourceMissing' })
    await put('in/empty.csv', '')
    await expect(source.check()).resolves.toBeUndefined()
  })

  test('anything at all under the prefix is enough for a first check', async () => {
    const { source, put } = await make(s3Delimited(at))
    await put('in/', '')
    await expect(source.check()).rejects.toMatchObject({ name: 'SourceMissing' })
    await put('in/a.csv', '')
    await expect(source.check()).resolves.toBeUndefined()
  })

  test('objects without content: SourceEmpty', async () => {
    const { source, put } = await make(s3Delimited(at))
    await put('in/empty.csv', '')
    await expect(source.list()).rejects.toMatchObject({ name: 'SourceEmpty' })
  })

  test.each<[string, string, string | Buffer]>([
    ['other names', 'HeaderMismatch', 'x,z\n1,2\n'],
    ['fewer names', 'HeaderMismatch', 'x\n1\n'],
    ['a name twice', 'HeaderMismatch', 'x,x\n1,2\n'],
    ['an empty name', 'HeaderMismatch', 'x,\n1,2\n'],
    ['a header without end', 'HeaderMismatch', `x,"${'y'.repeat(70_000)}`],
    ['text behind a closing quote in its header', 'HeaderMismatch', '"x"z,y\n1,2\n'],
    ['no UTF-8 in its header', 'EncodingMismatch', Buffer.from('x,\xff\n', 'latin1')],
    ['a NUL byte in its header', 'EncodingMismatch', 'x,y\0\n'],
    ['UTF-16, little-endian', 'EncodingMismatch', Buffer.from('\ufeffx,y\n', 'utf16le')],
    ['UTF-16, big-endian', 'EncodingMismatch', Buffer.from('\ufeffx,y\n', 'utf16le').swap16()],
    ['UTF-16 without a byte order mark', 'EncodingMismatch', Buffer.from('x,y\n', 'utf16le')],
    ['gzip under another name', 'EncodingMismatch', gzipSync('x,y\n1,2\n')],
  ])('%s: %s, naming the object', async (_, name, content) => {
    const { source, put } = await make(s3Delimited(at))
    await put('in/a.csv', 'x,y\n1,2\n')
    await put('in/b.csv', content)
    await expect(source.list()).rejects.toMatchObject({
      name,
      message: expect.stringContaining('in/b.csv') as unknown,
    })
  })

  test.each<[string, SourceSpec, Buffer]>([
    ['NDJSON', s3Ndjson(at), Buffer.from('{"a":1}\n', 'utf16le')],
    ['text without a header row', s3Delimited({ ...at, header: ['x'] }), Buffer.from('\ufeff1\n', 'utf16le')],
    ['Latin-1', s3Delimited({ ...at, encoding: 'latin1' }), Buffer.from('\ufeffx,y\n')],
  ])('another encoding in %s: EncodingMismatch', async (_, spec, content) => {
    const { source, put } = await make(spec)
    await put('in/a', content)
    await expect(source.list()).rejects.toMatchObject({ name: 'EncodingMismatch' })
  })

  test('a header without a name that the contract needs: HeaderMismatch, naming it', async () => {
    const record = z.object({ x: z.string(), city: z.string(), note: z.string().optional() })
    const { source, put } = await make(s3Delimited({ ...at, record: record.transform(({ x }) => x) }))
    await put('in/a.csv', 'x,city\n1,2\n')
    expect(await source.list()).toHaveLength(1)
    await put('in/a.csv', 'x,City\n1,2\n')
    await expect(source.list()).rejects.toMatchObject({
      name: 'HeaderMismatch',
      message: expect.stringMatching(/in\/a\.csv lacks city,/) as unknown,
    })
  })

  test('a gzip object that is cut off: GzipDamaged', async () => {
    const { source, put } = await make(s3Delimited(at))
    const packed = gzipSync(`x,y\n${Array.from({ length: 5000 }, (_, i) => `${i},${i * i}\n`).join('')}`)
    await put('in/a.csv.gz', packed.subarray(0, -9))
    const refusal = { name: 'GzipDamaged', message: expect.stringContaining('in/a.csv.gz') as unknown }
    await expect(allRecords(source)).rejects.toMatchObject(refusal)
    await put('in/a.csv.gz', 'x,y\n1,2\n')
    await expect(allRecords(source)).rejects.toMatchObject(refusal)
  })
})
