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

  test('keys are listed under their prefix, sorted', async () => {
    const store = open()
    for (const key of ['d/2', 'd/10', 'd/1', 'dd/1', 'd/sub/3']) await store.put(key, bytes(key))
    const keys: string[] = []
    for await (const key of store.list('d/')) keys.push(key)
    expect(keys).toEqual(['d/1', 'd/10', 'd/2', 'd/sub/3'])
  })
})
