import { afterEach, expect, test } from 'vitest'
import { z } from 'zod'
import { s3Source } from '../../../lambdas/shared/adapters/s3-source/s3-source.ts'
import { s3Ndjson } from '../../../lambdas/shared/domain/definition/source.ts'
import { allRecords } from '../../support/source-records.ts'
import { startS3, testBucket, type S3Server } from '../../support/s3-server.ts'

const spec = s3Ndjson({ at: 'export', prefix: 'in/', record: z.unknown() })
let server: S3Server | undefined
afterEach(() => server?.stop())

/** A bucket that answers with this version, and what reads asked it for. */
async function versioned(version: string, status?: { code: number; name: string }) {
  const asked: { version: string | null; ifMatch: string | undefined }[] = []
  server = await startS3((request, answer, reply) => {
    const url = new URL(request.url ?? '', 'http://s3')
    const isHead = request.headers.range === 'bytes=0-65535'
    if (request.headers.range && !isHead) {
      const version = url.searchParams.get('versionId')
      asked.push({ version, ifMatch: request.headers['if-match'] })
      if (status) {
        answer.resume()
        const error = `<Error><Code>${status.name}</Code><Message>no</Message></Error>`
        reply.writeHead(status.code, { 'content-type': 'application/xml' }).end(error)
        return
      }
    }
    reply.writeHead(answer.statusCode ?? 500, { ...answer.headers, 'x-amz-version-id': version })
    answer.pipe(reply)
  })
  await server.put('in/a.ndjson', '{"a":1}\n')
  return { source: s3Source({ s3: server.s3, bucket: testBucket, spec }), asked }
}

test('a bucket with versions is read by version', async () => {
  const { source, asked } = await versioned('v7')
  expect(await source.list()).toMatchObject([{ key: 'in/a.ndjson', version: 'v7' }])
  expect(await allRecords(source)).toHaveLength(1)
  expect(asked).toEqual(Array(2).fill({ version: 'v7', ifMatch: undefined }))
})

test('the version "null" can be replaced, and is no pin: the ETag is', async () => {
  const { source, asked } = await versioned('null')
  const [object] = await source.list()
  expect(object).not.toHaveProperty('version')
  expect(await allRecords(source)).toHaveLength(1)
  expect(asked).toEqual(Array(2).fill({ version: null, ifMatch: object?.etag }))
})

test.each([
  { code: 404, name: 'NoSuchVersion' },
  { code: 405, name: 'MethodNotAllowed' },
  { code: 412, name: 'PreconditionFailed' },
])('$name is SourceChanged', async (status) => {
  const { source } = await versioned('v7', status)
  await expect(allRecords(source)).rejects.toMatchObject({ name: 'SourceChanged' })
})

test('what is not about the object stays what it is', async () => {
  const { source } = await versioned('v7', { code: 403, name: 'AccessDenied' })
  await expect(allRecords(source)).rejects.toMatchObject({ name: 'AccessDenied' })
})
