import type { S3Client } from '@aws-sdk/client-s3'
import { plural } from '../../lambdas/shared/domain/wording/figures.ts'
import type { Migration } from '../../lambdas/shared/domain/definition/migration.ts'
import type { LocalSystem } from './local-system.ts'
import type { Screen } from './screen.ts'
import { listSourceFiles, segmentOf, type SourceOption } from './source-files.ts'
import { uploadSources } from './upload-sources.ts'

/** Puts the files of each `--source` into the bucket of its segment, under the segment's prefix. */
export async function sendSources(
  s3: S3Client,
  system: LocalSystem,
  migration: Migration,
  sources: readonly SourceOption[],
  screen: Screen,
): Promise<void> {
  for (const option of sources) {
    const { source } = segmentOf(migration, option)
    const files = await listSourceFiles(option.path, source.prefix)
    const bucket = system.sourceBucket(source.at)
    const gone = await uploadSources(s3, bucket, source.prefix, files)
    const size = files.reduce((sum, { bytes }) => sum + bytes, 0) / 1_048_576
    const replaced = gone === 0 ? '' : `; ${gone} other objects are gone`
    screen.line(
      `Source of ${option.segment}: ${plural(files.length, 'file')}, ${size.toFixed(1)} MiB, to s3://${bucket}/${source.prefix}${replaced}`,
    )
  }
}
