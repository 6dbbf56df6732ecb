import {
  GetObjectCommand,
  ListBucketsCommand,
  paginateListObjectsV2,
  type S3Client,
} from '@aws-sdk/client-s3'

/** For each piece of evidence, by its hash, the report beside it; `undefined` where there is none. */
export async function evidenceReports(s3: S3Client): Promise<ReadonlyMap<string, string | undefined>> {
  const { Buckets = [] } = await s3.send(new ListBucketsCommand({}))
  const found = new Map<string, string | undefined>()
  for (const { Name: Bucket } of Buckets) {
    const keys: string[] = []
    for await (const { Contents = [] } of paginateListObjectsV2(
      { client: s3 },
      { Bucket, Prefix: 'evidence/' },
    )) {
      keys.push(...Contents.flatMap(({ Key }) => Key ?? []))
    }
    for (const key of keys.filter((name) => name.endsWith('.json'))) {
      const report = key.replace(/\.json$/, '.html')
      const answer = keys.includes(report)
        ? await s3.send(new GetObjectCommand({ Bucket, Key: report }))
        : undefined
      found.set(key.split('/').at(-1)?.replace('.json', '') ?? '', await answer?.Body?.transformToString())
    }
  }
  return found
}
