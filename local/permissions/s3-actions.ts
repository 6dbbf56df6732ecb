import type { Context } from './conditions.ts'
import type { RequestedAction, RequestScope, ServiceRequest } from './request.ts'
import { header, UnsupportedOperation } from './request.ts'
import { deletions } from './s3-deletions.ts'
import { bucketArn, objectArn, s3Location } from './s3-location.ts'
import type { S3Location } from './s3-location.ts'
import { actions, ofVersion, shaping, subresources } from './s3-operations.ts'

export function s3Actions(request: ServiceRequest, _scope: RequestScope): readonly RequestedAction[] {
  const location = s3Location(request.path)
  const operation = operationOf(request, location)
  const plain = actions[operation]
  if (plain === undefined) throw new UnsupportedOperation('s3', operation)
  if (operation === 'GET service') return [{ action: plain, resourceArns: ['*'], context: {} }]
  if (operation === 'POST bucket?delete') return deletions(request.body, location.bucket)
  if (location.key === '') {
    return [{ action: plain, resourceArns: [bucketArn(location.bucket)], context: listContext(request) }]
  }
  const version = request.query.get('versionId')
  const action = version === null ? plain : (ofVersion[plain] ?? plain)
  const context = { ...objectContext(request), ...(version === null ? {} : { 's3:VersionId': version }) }
  const own = { action, resourceArns: [objectArn(location)], context }
  // Attributes are read under the permission to read the object as well.
  const read =
    operation === 'GET object?attributes'
      ? [{ ...own, action: version === null ? 's3:GetObject' : 's3:GetObjectVersion' }]
      : []
  return [own, ...read, ...copySource(request), ...headerActions(request, own)]
}

/**
 * An object that is not there is hidden (403, not 404) from those who may not list its bucket. Where they may list a
 * prefix only, its key counts as the prefix: so S3 was observed to do (kopia/kopia#3072), and so Ceph follows it
 * (ceph/ceph#68577).
 */
export const absentObjectAction = (request: ServiceRequest): RequestedAction => {
  const { bucket, key } = s3Location(request.path)
  return { action: 's3:ListBucket', resourceArns: [bucketArn(bucket)], context: { 's3:prefix': key } }
}

function operationOf(request: ServiceRequest, { bucket, key }: S3Location): string {
  const target = bucket === '' ? 'service' : key === '' ? 'bucket' : 'object'
  for (const name of request.query.keys()) {
    const isKnown = shaping.has(name.toLowerCase()) || /^(response|x-amz)-/i.test(name)
    if (!isKnown && !subresources.some((subresource) => subresource === name)) {
      throw new UnsupportedOperation('s3', `${request.method} ${target}?${name}`)
    }
  }
  const subresource = subresources.find((name) => request.query.has(name))
  return `${request.method} ${target}${subresource === undefined ? '' : `?${subresource}`}`
}

/** CopyObject and UploadPartCopy read another object. */
function copySource(request: ServiceRequest): readonly RequestedAction[] {
  const source = header(request, 'x-amz-copy-source')
  if (source === undefined) return []
  const [path = '', query = ''] = source.split('?', 2)
  const version = new URLSearchParams(query).get('versionId')
  const location = s3Location(path.startsWith('/') ? path : `/${path}`)
  return [
    {
      action: version === null ? 's3:GetObject' : 's3:GetObjectVersion',
      resourceArns: [objectArn(location)],
      context: version === null ? {} : { 's3:VersionId': version },
    },
  ]
}

/** Headers that ask for more than the operation itself. */
function headerActions(request: ServiceRequest, own: RequestedAction): readonly RequestedAction[] {
  const needed: readonly (readonly [string, string])[] = [
    ['x-amz-object-lock-retain-until-date', 's3:PutObjectRetention'],
    ['x-amz-object-lock-legal-hold', 's3:PutObjectLegalHold'],
    ['x-amz-tagging', 's3:PutObjectTagging'],
    ['x-amz-acl', 's3:PutObjectAcl'],
    ['x-amz-bypass-governance-retention', 's3:BypassGovernanceRetention'],
  ]
  return needed
    .filter(([name]) => header(request, name) !== undefined)
    .map(([, action]) => ({ ...own, action }))
}

function objectContext(request: ServiceRequest): Context {
  const names: readonly (readonly [string, string])[] = [
    ['x-amz-acl', 's3:x-amz-acl'],
    ['x-amz-server-side-encryption', 's3:x-amz-server-side-encryption'],
    ['x-amz-server-side-encryption-aws-kms-key-id', 's3:x-amz-server-side-encryption-aws-kms-key-id'],
    ['x-amz-storage-class', 's3:x-amz-storage-class'],
    ['x-amz-object-lock-mode', 's3:object-lock-mode'],
    ['x-amz-object-lock-retain-until-date', 's3:object-lock-retain-until-date'],
    ['x-amz-object-lock-legal-hold', 's3:object-lock-legal-hold'],
    ['if-match', 's3:if-match'],
    ['if-none-match', 's3:if-none-match'],
  ]
  return Object.fromEntries(
    names.flatMap(([name, key]) => {
      const value = header(request, name)
      return value === undefined ? [] : [[key, value]]
    }),
  )
}

function listContext(request: ServiceRequest): Context {
  const names = ['prefix', 'delimiter', 'max-keys']
  return Object.fromEntries(
    names.flatMap((name) => {
      const value = request.query.get(name)
      return value === null ? [] : [[`s3:${name}`, value]]
    }),
  )
}
