import pMap from 'p-map'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { s3ObjectStore } from '../../lambdas/shared/adapters/s3-object-store.ts'
import type { ObjectStore } from '../../lambdas/shared/ports/object-store.ts'
import { FakeObjectStore } from '../support/fake-object-store.ts'
import { startObjects } from '../support/object-server.ts'

const bucket = 'archive-bucket'
let server: Awaited<ReturnType<typeof startObjects>>
beforeAll(async () => {
  server = await startObjects(bucket)
})
afterAll(() => server.stop())

const stores: Record<string, () => ObjectStore> = {
  fake: () => new FakeObjectStore(bucket),
  S3: () => s3ObjectStore(server.client, bucket),
}

const bytes = (text: string) => Buffer.from(text)
const text = (content: Uint8Array | undefined) => content && Buffer.from(content).toString()

describe.each(Object.entries(stores))('object store: %s', (_, open) => {
  test('an object comes back byte by byte, and is replaced by a put', async () => {
    const store = open()
    const binary = Uint8Array.from({ length: 256 }, (_, i) => i)
    await store.put('a/binary', binary)
    expect([...((await store.get('a/binary')) ?? [])]).toEqual([...binary])
    await store.put('a/binary', bytes('second'))
    expect(text(await store.get('a/binary'))).toBe('second')
    expect(store.bucket).toBe(bucket)
  })

  test('there is no object under an unknown key', async () => {
    expect(await open().get('nothing/here')).toBeUndefined()
  })

  test('create never replaces', async () => {
    const store = open()
    expect(await store.create('b/once', bytes('first'))).toBe('created')
    expect(await store.create('b/once', bytes('second'))).toBe('exists')
    expect(text(await store.get('b/once'))).toBe('first')
  })

  test('of many that create at once, one succeeds', async () => {
    const store = open()
    const attempts = Array.from({ length: 8 }, (_, i) => store.create('b/race', bytes(`writer ${i}`)))
    const outcomes = await Promise.all(attempts)
    expect(outcomes.filter((outcome) => outcome === 'created')).toHaveLength(1)
    expect(text(await store.get('b/race'))).toBe(`writer ${outcomes.indexOf('created')}`)
  })

  test('a range is from the first byte to before the last', async () => {
    const store = open()
    await store.put('c/range', bytes('0123456789'))
    expect(text(await store.get('c/range', { start: 2, end: 5 }))).toBe('234')
    expect(text(await store.get('c/range', { start: 8, end: 20 }))).toBe('89')
    expect(text(await store.get('c/range', { start: 4, end: 4 }))).toBe('')
  })

  test('keys are listed under their prefix, in order of their code points', async () => {
    const store = open()
    const keys = ['d/1', 'd/10', 'd/2', 'd/sub/3', 'd/\uff5e', 'd/\u{1f600}']
    for (const key of [...keys.toReversed(), 'dd/1', 'c']) await store.put(key, bytes(key))
    expect(await Array.fromAsync(store.list('d/'))).toEqual(keys)
    expect(await Array.fromAsync(store.list('d/1'))).toEqual(['d/1', 'd/10'])
    expect(await Array.fromAsync(store.list('nothing/'))).toEqual([])
  })

  test('more keys than a listing gives at once are all listed', async () => {
    const store = open()
    const keys = Array.from({ length: 1001 }, (_, i) => `many/${String(i).padStart(4, '0')}`)
    await pMap(keys, (key) => store.put(key, bytes('x')), { concurrency: 16 })
    expect(await Array.fromAsync(store.list('many/'))).toEqual(keys)
  })

  test('an empty object is there', async () => {
    const store = open()
    expect(await store.create('e/empty', new Uint8Array())).toBe('created')
    expect(await store.create('e/empty', bytes('more'))).toBe('exists')
    expect(text(await store.get('e/empty'))).toBe('')
    expect(text(await store.get('e/empty', { start: 0, end: 10 }))).toBe('')
    expect(await store.get('e/nothing', { start: 0, end: 10 })).toBeUndefined()
  })

  test('a large object comes back whole, and names may hold what a URL would not', async () => {
    const store = open()
    const large = Uint8Array.from({ length: 6_000_000 }, (_, i) => (i * 31) % 251)
    const key = 'f/a b+c%20d&e=f?g#h/\u00fc'
    await store.put(key, large)
    expect(Buffer.compare((await store.get(key)) ?? new Uint8Array(), large)).toBe(0)
    expect(await Array.fromAsync(store.list('f/a b+'))).toEqual([key])
  })

  test('what is put and what is got are copies', async () => {
    const store = open()
    const given = Uint8Array.of(1, 2, 3)
    await store.put('g/copy', given)
    given[0] = 9
    const got = await store.get('g/copy')
    if (got) got[1] = 9
    expect([...((await store.get('g/copy')) ?? [])]).toEqual([1, 2, 3])
  })
})
