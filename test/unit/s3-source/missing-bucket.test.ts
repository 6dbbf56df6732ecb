import { afterAll, beforeAll, expect, test } from 'vitest'
import { z } from 'zod'
import { s3Source } from '../../../lambdas/shared/adapters/s3-source/s3-source.ts'
import { s3Ndjson } from '../../../lambdas/shared/domain/definition/source.ts'
import { startS3, type S3Server } from '../../support/s3-server.ts'

let server: S3Server
beforeAll(async () => {
  server = await startS3()
})
afterAll(() => server.stop())

test('a bucket that does not exist: SourceMissing, naming it and where it is set', async () => {
  const spec = s3Ndjson({ at: 'export', prefix: 'in/', record: z.unknown() })
  const source = s3Source({ s3: server.s3, bucket: 'nowhere', spec })
  const refusal = {
    name: 'SourceMissing',
    message: expect.stringMatching(/bucket nowhere.*cdk\.json/) as unknown,
  }
  await expect(source.find()).rejects.toMatchObject(refusal)
  await expect(source.list()).rejects.toMatchObject(refusal)
})
