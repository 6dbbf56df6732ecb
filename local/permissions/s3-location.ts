export interface S3Location {
  readonly bucket: string
  readonly key: string
}

/** Bucket and key of a path-style request. */
export function s3Location(path: string): S3Location {
  const [, bucket = '', key = ''] = /^\/([^/]*)(?:\/(.*))?$/s.exec(path) ?? []
  return { bucket: decodeURIComponent(bucket), key: decodeURIComponent(key) }
}

export const objectArn = ({ bucket, key }: S3Location): string => `arn:aws:s3:::${bucket}/${key}`
export const bucketArn = (bucket: string): string => `arn:aws:s3:::${bucket}`
