import { afterAll, beforeAll, describe } from 'vitest'
import { s3Source } from '../../lambdas/shared/adapters/s3-source/s3-source.ts'
import { fakeSource } from '../support/fake-source.ts'
import { startS3, testBucket, type S3Server } from '../support/s3-server.ts'
import { sourceContract } from './source-contract.ts'

describe('the fake source', () => {
  sourceContract(async (spec) => {
    const source = fakeSource(spec)
    return {
      source,
      put: async (key, content) => source.put(key, content),
      remove: async (key) => source.remove(key),
    }
  })
})

describe('the S3 source', () => {
  let server: S3Server
  beforeAll(async () => {
    server = await startS3()
  })
  afterAll(() => server.stop())

  sourceContract(async (spec) => {
    server.clear()
    const source = s3Source({ s3: server.s3, bucket: testBucket, spec })
    return { source, put: server.put, remove: server.remove }
  })
})
