import { randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { Readable } from 'node:stream'
import * as s3 from '@aws-sdk/client-s3'
import { afterAll, describe, expect, it } from 'vitest'
import { Bucket, bytesOf, nameOf, startS3 } from './s3-support.ts'

const { client, put, get, close } = await startS3()
afterAll(close)

describe('a range', () => {
  it.each([
    ['bytes=2-4', 'cde', 'bytes 2-4/10'],
    ['bytes=7-', 'hij', 'bytes 7-9/10'],
    ['bytes=-2', 'ij', 'bytes 8-9/10'],
    ['bytes=8-99', 'ij', 'bytes 8-9/10'],
  ])('%s', async (Range, text, ContentRange) => {
    await put('letters', 'abcdefghij')
    const got = await get('letters', { Range })
    expect(await got.Body?.transformToString()).toBe(text)
    expect(got).toMatchObject({ ContentRange, ContentLength: text.length })
  })

  it('beyond the end is refused', async () => {
    await put('letters', 'abcdefghij')
    expect(await nameOf(get('letters', { Range: 'bytes=10-12' }))).toBe('InvalidRange 416')
  })

  it('of a large object costs neither its memory nor its time', async () => {
    const chunk = randomBytes(1024 * 1024)
    const size = 130 * chunk.length
    await put('large', Readable.from(Array.from({ length: 130 }, () => chunk)), { ContentLength: size })
    const before = residentBytes()
    const started = performance.now()
    for (let index = 0; index < 50; index += 1) {
      const part = await bytesOf(
        get('large', { Range: `bytes=${index * 2_000_000}-${index * 2_000_000 + 999}` }),
      )
      expect(part).toHaveLength(1000)
    }
    expect((performance.now() - started) / 50).toBeLessThan(30)
    expect(residentBytes() - before).toBeLessThan(40 * 1024 * 1024)
  })
})

describe('a listing', () => {
  it('is in the order of UTF-8 bytes, page by page, and complete', async () => {
    const keys = [
      'A',
      'Z',
      'a',
      'b/1',
      'b/2',
      'b0',
      'é',
      '\u{ffee}',
      '\u{1f600}',
      ...Array.from({ length: 20 }, (_, n) => `m/${n}`),
    ]
    for (const key of keys) await put(`list/${key}`, key)
    const expected = keys
      .map((key) => `list/${key}`)
      .toSorted((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)))
    expect(await listed({ Prefix: 'list/', MaxKeys: 3 })).toEqual(expected)
    expect(await listed({ Prefix: 'list/', StartAfter: 'list/b/1' })).toEqual(
      expected.slice(expected.indexOf('list/b/1') + 1),
    )
  })

  it('groups by a delimiter, each prefix once over all pages', async () => {
    for (const key of ['g/a', 'g/x/1', 'g/x/2', 'g/x/3', 'g/y/', 'g/z']) await put(key, '')
    const seen: string[] = []
    for (let ContinuationToken: string | undefined, more = true; more;) {
      const page: s3.ListObjectsV2CommandOutput = await client.send(
        new s3.ListObjectsV2Command({ Bucket, Prefix: 'g/', Delimiter: '/', MaxKeys: 1, ContinuationToken }),
      )
      expect(page.KeyCount).toBe(1)
      seen.push(
        ...(page.Contents ?? []).map(({ Key }) => Key ?? ''),
        ...(page.CommonPrefixes ?? []).map(({ Prefix }) => Prefix ?? ''),
      )
      ContinuationToken = page.NextContinuationToken
      more = page.IsTruncated ?? false
    }
    expect(seen).toEqual(['g/a', 'g/x/', 'g/y/', 'g/z'])
  })

  it('deletes many at once', async () => {
    for (const key of ['d/1', 'd/<&>']) await put(key, '')
    const Objects = [{ Key: 'd/1' }, { Key: 'd/<&>' }, { Key: 'd/none' }]
    const { Deleted } = await client.send(new s3.DeleteObjectsCommand({ Bucket, Delete: { Objects } }))
    expect(Deleted).toHaveLength(3)
    expect(await listed({ Prefix: 'd/' })).toEqual([])
  })
})

async function listed(input: Partial<s3.ListObjectsV2CommandInput>): Promise<string[]> {
  const keys: string[] = []
  for await (const page of s3.paginateListObjectsV2({ client }, { Bucket, ...input })) {
    keys.push(...(page.Contents ?? []).map(({ Key }) => Key ?? ''))
  }
  return keys
}

const residentBytes = () =>
  Number(/^VmRSS:\s+(\d+)/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1]) * 1024
