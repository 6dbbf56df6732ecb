import { element } from '../xml.ts'

/** A refusal, in the words of S3. */
export class S3Error extends Error {
  readonly code: string
  readonly statusCode: number
  readonly details: Readonly<Record<string, string>>

  constructor(
    code: string,
    statusCode: number,
    message: string,
    details: Readonly<Record<string, string>> = {},
  ) {
    super(message)
    this.code = code
    this.statusCode = statusCode
    this.details = details
  }

  toXml(resource: string, requestId: string): string {
    const content = {
      Code: this.code,
      Message: this.message,
      ...this.details,
      Resource: resource,
      RequestId: requestId,
    }
    return `<?xml version="1.0" encoding="UTF-8"?>\n${element('Error', content)}`
  }
}

export const noSuchBucket = (bucket: string) =>
  new S3Error('NoSuchBucket', 404, 'The specified bucket does not exist', { BucketName: bucket })

export const noSuchKey = (key: string) =>
  new S3Error('NoSuchKey', 404, 'The specified key does not exist.', { Key: key })

export const noSuchUpload = (uploadId: string) =>
  new S3Error(
    'NoSuchUpload',
    404,
    'The specified upload does not exist. The upload ID may be invalid, or the upload may have been aborted or completed.',
    { UploadId: uploadId },
  )

export const preconditionFailed = (condition: string) =>
  new S3Error('PreconditionFailed', 412, 'At least one of the pre-conditions you specified did not hold', {
    Condition: condition,
  })

/** What S3 has and this machine does not is refused by name, never ignored. */
export const notImplemented = (what: string) =>
  new S3Error('NotImplemented', 501, `The local S3 does not support ${what}`)
