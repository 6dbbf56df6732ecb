import { randomBytes } from 'node:crypto'
import * as s3 from '@aws-sdk/client-s3'
import { afterAll, describe, expect, it } from 'vitest'
import { Bucket, bytesOf, nameOf, startS3 } from './s3-support.ts'

const { client, get, close } = await startS3()
afterAll(close)

describe('an upload in parts', () => {
  const upload = async (Key: string, bodies: readonly Buffer[]) => {
    const { UploadId } = await client.send(
      new s3.CreateMultipartUploadCommand({ Bucket, Key, ContentType: 'text/csv' }),
    )
    const Parts = await Promise.all(
      bodies.map(async (Body, index) => {
        const PartNumber = index + 1
        const { ETag, ChecksumCRC32 } = await client.send(
          new s3.UploadPartCommand({ Bucket, Key, UploadId, PartNumber, Body }),
        )
        return { PartNumber, ETag, ChecksumCRC32 }
      }),
    )
    return { Bucket, Key, UploadId, MultipartUpload: { Parts } }
  }

  it('becomes one object', async () => {
    const bodies = [randomBytes(6 * 1024 * 1024), randomBytes(1000)]
    const { ETag } = await client.send(new s3.CompleteMultipartUploadCommand(await upload('parts', bodies)))
    expect(ETag).toMatch(/^"[0-9a-f]{32}-2"$/)
    const got = await get('parts')
    expect(got.ContentType).toBe('text/csv')
    expect(
      Buffer.compare(Buffer.from((await got.Body?.transformToByteArray()) ?? []), Buffer.concat(bodies)),
    ).toBe(0)
  })

  it('creates once, and keeps its parts when it is refused', async () => {
    const first = await upload('parts-once', [Buffer.from('1')])
    const second = await upload('parts-once', [Buffer.from('2')])
    await client.send(new s3.CompleteMultipartUploadCommand({ ...first, IfNoneMatch: '*' }))
    expect(
      await nameOf(client.send(new s3.CompleteMultipartUploadCommand({ ...second, IfNoneMatch: '*' }))),
    ).toBe('PreconditionFailed 412')
    expect((await bytesOf(get('parts-once'))).toString()).toBe('1')
    const parts = await client.send(
      new s3.ListPartsCommand({ Bucket, Key: second.Key, UploadId: second.UploadId }),
    )
    expect(parts.Parts).toHaveLength(1)
    await client.send(
      new s3.AbortMultipartUploadCommand({ Bucket, Key: second.Key, UploadId: second.UploadId }),
    )
    expect(await nameOf(client.send(new s3.CompleteMultipartUploadCommand(second)))).toBe('NoSuchUpload 404')
  })

  it('refuses parts that are too small', async () => {
    const small = await upload('small', [Buffer.from('1'), Buffer.from('2')])
    expect(await nameOf(client.send(new s3.CompleteMultipartUploadCommand(small)))).toBe('EntityTooSmall 400')
  })
})
