import { createHash, randomUUID } from 'node:crypto'
import type { ServerResponse } from 'node:http'
import { absentObjectAction } from '../../permissions/s3-actions.ts'
import { AccessDenied, type ServiceHandler, type ServiceRequest } from '../calls.ts'
import { readBody } from '../http.ts'
import { element, elements, textOf } from '../xml.ts'
import type { BucketStore } from './bucket-store.ts'
import { S3Error } from './errors.ts'
import { listObjects, listVersions } from './listing.ts'
import { abortUpload, completeUpload, createUpload, listParts, uploadPart } from './multipart.ts'
import { checksumHeaders, getObject, putObject } from './objects.ts'
import { parseS3Request, type S3Request } from './request.ts'

const namespace = ' xmlns="http://s3.amazonaws.com/doc/2006-03-01/"'
const maxListBytes = 4 * 1024 * 1024

/** Path-style S3 without versions. */
export function s3Service(store: BucketStore): ServiceHandler {
  return async (call) => {
    const { request, response, url } = call
    const requestId = randomUUID().replaceAll('-', '').slice(0, 16).toUpperCase()
    response.setHeader('x-amz-request-id', requestId)
    try {
      const s3 = parseS3Request(request.method ?? '', url, request.headers)
      // Of DeleteObjects each key is permitted or refused by itself.
      if (s3.operation !== 'DeleteObjects') permitted(() => call.permit({}))
      await answer(store, s3, call)
    } catch (error) {
      // The rest of the body must be read, or the client would see a broken connection instead of the answer.
      request.resume()
      if (!(error instanceof S3Error) || response.headersSent) throw error
      const head = request.method === 'HEAD'
      const body = head ? '' : error.toXml(url.pathname, requestId)
      response.writeHead(error.statusCode, { 'content-type': 'application/xml' }).end(body)
    }
  }
}

function permitted(check: () => void): void {
  try {
    check()
  } catch (error) {
    if (error instanceof AccessDenied) throw new S3Error('AccessDenied', 403, error.message)
    throw error
  }
}

async function answer(store: BucketStore, s3: S3Request, call: ServiceRequest): Promise<void> {
  const { request, response } = call
  switch (s3.operation) {
    case 'PutObject': {
      const put = await putObject(store, s3, request)
      return sendEmpty(response, 200, { etag: put.etag, ...checksumHeaders(put) })
    }
    case 'GetObject':
    case 'HeadObject':
      if (store.index.get(s3.bucket, s3.key) === undefined) hideAbsence(call)
      return getObject(store, s3, response)
    case 'DeleteObject':
      store.delete(s3.bucket, s3.key)
      return sendEmpty(response, 204)
    case 'DeleteObjects':
      return sendXml(response, deleteObjects(store, s3, call, await readBody(request, maxListBytes)))
    case 'ListObjectsV2':
      return sendXml(response, listObjects(store, s3))
    case 'ListObjectVersions':
      return sendXml(response, listVersions(store, s3))
    case 'CreateMultipartUpload':
      return sendXml(response, createUpload(store, s3))
    case 'UploadPart':
      return sendEmpty(response, 200, await uploadPart(store, s3, request))
    case 'CompleteMultipartUpload':
      return sendXml(response, await completeUpload(store, s3, request))
    case 'AbortMultipartUpload':
      abortUpload(store, s3)
      return sendEmpty(response, 204)
    case 'ListParts':
      return sendXml(response, listParts(store, s3))
    default:
      return answerBucket(store, s3, response)
  }
}

/** From those who may not list its bucket, S3 hides whether an object is there. */
function hideAbsence({ request, url, permitAction }: ServiceRequest): void {
  const { method = '', headers } = request
  const asked = {
    service: 's3',
    method,
    path: url.pathname,
    query: url.searchParams,
    headers,
    body: '',
  } as const
  permitted(() => permitAction(absentObjectAction(asked)))
}

function answerBucket(store: BucketStore, s3: S3Request, response: ServerResponse): void {
  if (s3.operation === 'CreateBucket') store.index.createBucket(s3.bucket)
  else if (s3.operation !== 'ListBuckets') store.expectBucket(s3.bucket)
  switch (s3.operation) {
    case 'ListBuckets': {
      const buckets = store.index.buckets().map(({ name, created }) => {
        return element('Bucket', { Name: name, CreationDate: new Date(created).toISOString() })
      })
      return sendXml(
        response,
        `<ListAllMyBucketsResult${namespace}><Buckets>${buckets.join('')}</Buckets></ListAllMyBucketsResult>`,
      )
    }
    case 'DeleteBucket':
      if (store.index.list(s3.bucket, '', 1).length > 0) {
        throw new S3Error('BucketNotEmpty', 409, 'The bucket you tried to delete is not empty')
      }
      store.index.deleteBucket(s3.bucket)
      return sendEmpty(response, 204)
    case 'GetBucketLocation':
      return sendXml(response, element('LocationConstraint', {}, namespace))
    case 'GetBucketVersioning':
      return sendXml(response, element('VersioningConfiguration', {}, namespace))
    case 'ListMultipartUploads': {
      const uploads = store.uploads.list(s3.bucket).map(({ key, id, started }) => {
        return element('Upload', { Key: key, UploadId: id, Initiated: new Date(started).toISOString() })
      })
      const fields = { Bucket: s3.bucket, IsTruncated: false, Upload: uploads }
      return sendXml(response, element('ListMultipartUploadsResult', fields, namespace))
    }
    default:
      return sendEmpty(response, 200)
  }
}

/** Answers for each key by itself, also where one may not be deleted. */
function deleteObjects(store: BucketStore, s3: S3Request, call: ServiceRequest, body: Buffer): string {
  const said = s3.headers['content-md5']
  if (said !== undefined && said !== createHash('md5').update(body).digest('base64')) {
    throw new S3Error('BadDigest', 400, 'The Content-MD5 you specified did not match what we received.')
  }
  const xml = body.toString()
  const isQuiet = textOf(xml, 'Quiet') === 'true'
  const results = elements(xml, 'Object').map((one) => {
    const key = textOf(one, 'Key') ?? ''
    try {
      if (textOf(one, 'VersionId') !== undefined)
        throw new S3Error('NotImplemented', 501, 'The local S3 has no versions')
      const path = `/${s3.bucket}/${encodeURIComponent(key)}`
      permitted(() => call.permit({ method: 'DELETE', path, query: new URLSearchParams() }))
      store.delete(s3.bucket, key)
      return isQuiet ? '' : element('Deleted', { Key: key })
    } catch (error) {
      if (!(error instanceof S3Error) || error.code === 'NoSuchBucket') throw error
      return element('Error', { Key: key, Code: error.code, Message: error.message })
    }
  })
  return `<DeleteResult${namespace}>${results.join('')}</DeleteResult>`
}

function sendXml(response: ServerResponse, xml: string): void {
  const body = `<?xml version="1.0" encoding="UTF-8"?>\n${xml}`
  response
    .writeHead(200, { 'content-type': 'application/xml', 'content-length': Buffer.byteLength(body) })
    .end(body)
}

function sendEmpty(response: ServerResponse, statusCode: number, headers: Record<string, string> = {}): void {
  response.writeHead(statusCode, { ...headers, ...(statusCode === 204 ? {} : { 'content-length': 0 }) }).end()
}
