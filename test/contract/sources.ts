import { afterAll, beforeAll } from 'vitest'
import { z } from 'zod'
import { s3Source } from '../../lambdas/shared/adapters/s3-source/s3-source.ts'
import type { SourceSpec } from '../../lambdas/shared/domain/definition/source.ts'
import type { Source } from '../../lambdas/shared/ports/source.ts'
import { fakeSource } from '../support/fake-source.ts'
import { startS3, testBucket, type S3Server } from '../support/s3-server.ts'

/** A source over a store of its own, which holds nothing yet. */
export interface SourceUnderTest {
  readonly source: Source
  readonly put: (key: string, content: string | Uint8Array) => Promise<void>
  readonly remove: (key: string) => Promise<void>
}

export const at = { at: 'export', prefix: 'in/', record: z.unknown() }

/** Each kind of source, and what opens an empty one of it. The server lives as long as the test file. */
export function sources(): [string, (spec: SourceSpec) => Promise<SourceUnderTest>][] {
  let server: S3Server
  beforeAll(async () => {
    server = await startS3()
  })
  afterAll(() => server.stop())

  const fake = async (spec: SourceSpec): Promise<SourceUnderTest> => {
    const source = fakeSource(spec)
    return {
      source,
      put: async (key, content) => source.put(key, content),
      remove: async (key) => source.remove(key),
    }
  }
  const s3 = async (spec: SourceSpec): Promise<SourceUnderTest> => {
    server.clear()
    const source = s3Source({ s3: server.s3, bucket: testBucket, spec })
    return { source, put: server.put, remove: server.remove }
  }
  return [
    ['fake', fake],
    ['S3', s3],
  ]
}
