import { createHash, randomBytes } from 'node:crypto'
import { Readable } from 'node:stream'
import * as s3 from '@aws-sdk/client-s3'
import { afterAll, describe, expect, it } from 'vitest'
import { clientOf, closedGuard, role, scratch, start } from './fixtures.ts'
import { Bucket, bytesOf, nameOf, startS3 } from './s3-support.ts'

const { client, put, get, close } = await startS3()
afterAll(close)

describe('an object', () => {
  it('comes back as it went, with its type, metadata and checksum', async () => {
    const sent = await put('a b/ü+&%2F.json', '{"a":1}', {
      ContentType: 'application/json',
      Metadata: { origin: 'legacy' },
    })
    expect(sent.ETag).toBe(`"${createHash('md5').update('{"a":1}').digest('hex')}"`)
    expect(sent.ChecksumCRC32).toBeDefined()
    const got = await get('a b/ü+&%2F.json')
    expect(await got.Body?.transformToString()).toBe('{"a":1}')
    expect(got).toMatchObject({
      ContentType: 'application/json',
      Metadata: { origin: 'legacy' },
      ETag: sent.ETag,
      ChecksumCRC32: sent.ChecksumCRC32,
    })
    expect(got.VersionId).toBeUndefined()
    expect(
      (await client.send(new s3.HeadObjectCommand({ Bucket, Key: 'a b/ü+&%2F.json' }))).ContentLength,
    ).toBe(7)
  })

  it('arrives intact from a stream, in the chunks and with the trailing checksum of the SDK', async () => {
    const bytes = randomBytes(3_000_001)
    const Body = Readable.from(
      Array.from({ length: 31 }, (_, index) => bytes.subarray(index * 100_000, (index + 1) * 100_000)),
    )
    await put('streamed', Body, { ContentLength: bytes.length })
    expect(Buffer.compare(await bytesOf(get('streamed')), bytes)).toBe(0)
  })

  it.each(['CRC32', 'CRC32C', 'CRC64NVME', 'SHA1', 'SHA256'] as const)(
    'is checked against its %s',
    async (ChecksumAlgorithm) => {
      await put('sum', 'known', { ChecksumAlgorithm })
      const field = `Checksum${ChecksumAlgorithm}` as const
      expect((await get('sum', { ChecksumMode: 'ENABLED' }))[field]).toBeDefined()
      expect(await nameOf(put('sum', 'other', { [field]: 'AAAAAA==' }))).toBe('BadDigest 400')
      expect((await bytesOf(get('sum'))).toString()).toBe('known')
    },
  )

  it('may be empty', async () => {
    await put('empty', '')
    expect(await bytesOf(get('empty'))).toHaveLength(0)
  })

  it('is gone after its deletion, and deleting it again is no error', async () => {
    await put('gone', 'x')
    for (let time = 0; time < 2; time += 1)
      await client.send(new s3.DeleteObjectCommand({ Bucket, Key: 'gone' }))
    expect(await nameOf(get('gone'))).toBe('NoSuchKey 404')
    expect(await nameOf(client.send(new s3.HeadObjectCommand({ Bucket, Key: 'gone' })))).toBe('NotFound 404')
    expect(await nameOf(client.send(new s3.GetObjectCommand({ Bucket: 'nowhere', Key: 'x' })))).toBe(
      'NoSuchBucket 404',
    )
  })

  it('of a version, or copied from another, is refused by name', async () => {
    await expect(get('empty', { VersionId: 'abc' })).rejects.toThrow('versions')
    const copy = new s3.CopyObjectCommand({ Bucket, Key: 'b', CopySource: `${Bucket}/empty` })
    await expect(client.send(copy)).rejects.toThrow('x-amz-copy-source')
    await expect(client.send(new s3.GetObjectTaggingCommand({ Bucket, Key: 'empty' }))).rejects.toThrow(
      'tagging',
    )
  })

  it('under retention can be neither overwritten nor deleted', async () => {
    const lock = {
      ObjectLockMode: 'COMPLIANCE',
      ObjectLockRetainUntilDate: new Date(Date.now() + 60_000),
    } as const
    expect(await nameOf(put('locked', 'x', lock))).toBe('InvalidRequest 400')
    const target = { Bucket: 'decisions', Key: 'locked' }
    await client.send(new s3.PutObjectCommand({ ...target, Body: 'x', ...lock }))
    expect((await client.send(new s3.HeadObjectCommand(target))).ObjectLockMode).toBe('COMPLIANCE')
    expect(await nameOf(client.send(new s3.PutObjectCommand({ ...target, Body: 'y' })))).toBe(
      'AccessDenied 403',
    )
    expect(await nameOf(client.send(new s3.DeleteObjectCommand(target)))).toBe('AccessDenied 403')
  })

  it('is retained as its bucket says, unless it says so itself', async () => {
    const target = { Bucket: 'evidence', Key: 'kept' }
    await client.send(new s3.PutObjectCommand({ ...target, Body: 'x' }))
    const head = await client.send(new s3.HeadObjectCommand(target))
    expect(head.ObjectLockMode).toBe('GOVERNANCE')
    const days = ((head.ObjectLockRetainUntilDate?.getTime() ?? 0) - Date.now()) / 86_400_000
    expect(days).toBeCloseTo(30, 2)
    expect(await nameOf(client.send(new s3.PutObjectCommand({ ...target, Body: 'y' })))).toBe(
      'AccessDenied 403',
    )
    expect(await nameOf(client.send(new s3.DeleteObjectCommand(target)))).toBe('AccessDenied 403')
    const own = { ObjectLockMode: 'COMPLIANCE', ObjectLockRetainUntilDate: new Date(5_000) } as const
    await client.send(new s3.PutObjectCommand({ ...target, Key: 'own', Body: 'x', ...own }))
    expect(await client.send(new s3.HeadObjectCommand({ ...target, Key: 'own' }))).toMatchObject(own)
    await client.send(new s3.DeleteObjectCommand({ ...target, Key: 'own' }))
  })
})

describe('a conditional request', () => {
  it('creates once, also when many try at once', async () => {
    const outcomes = await Promise.all(
      [...Array(10).keys()].map((n) => nameOf(put('once', `${n}`, { IfNoneMatch: '*' }))),
    )
    expect(outcomes.filter((outcome) => outcome === 'no error')).toHaveLength(1)
    expect(outcomes.filter((outcome) => outcome === 'PreconditionFailed 412')).toHaveLength(9)
  })

  it('replaces only what it has seen', async () => {
    const { ETag } = await put('seen', '1')
    await put('seen', '2', { IfMatch: ETag })
    expect(await nameOf(put('seen', '3', { IfMatch: ETag }))).toBe('PreconditionFailed 412')
    expect(await nameOf(put('never', '1', { IfMatch: ETag }))).toBe('NoSuchKey 404')
  })

  it('reads only the object that it means', async () => {
    const { ETag } = await put('pinned', 'old')
    expect((await bytesOf(get('pinned', { IfMatch: ETag }))).toString()).toBe('old')
    expect(await nameOf(get('pinned', { IfNoneMatch: ETag }))).toMatch(/ 304$/)
    await put('pinned', 'new')
    expect(await nameOf(get('pinned', { IfMatch: ETag, Range: 'bytes=0-1' }))).toBe('PreconditionFailed 412')
  })
})

it('is refused to a role that may not, and is there after a restart', async () => {
  const stateDirectory = scratch()
  const first = await start({ stateDirectory })
  await new s3.S3Client(clientOf(first)).send(
    new s3.PutObjectCommand({ Bucket, Key: 'kept', Body: 'x', IfNoneMatch: '*' }),
  )
  await first.close()
  const second = await start({ stateDirectory, guard: closedGuard })
  const operator = new s3.S3Client(clientOf(second))
  expect((await operator.send(new s3.GetObjectCommand({ Bucket, Key: 'kept' }))).ContentLength).toBe(1)
  const denied = new s3.S3Client(clientOf(second, role.arn))
  await expect(denied.send(new s3.GetObjectCommand({ Bucket, Key: 'kept' }))).rejects.toMatchObject({
    name: 'AccessDenied',
  })
  const deletion = await denied.send(
    new s3.DeleteObjectsCommand({ Bucket, Delete: { Objects: [{ Key: 'kept' }] } }),
  )
  expect(deletion.Errors).toMatchObject([{ Key: 'kept', Code: 'AccessDenied' }])
  await second.close()
})
