import { element } from '../xml.ts'
import type { BucketStore } from './bucket-store.ts'
import { S3Error } from './errors.ts'
import type { StoredObject } from './object-index.ts'
import type { S3Request } from './request.ts'

const namespace = ' xmlns="http://s3.amazonaws.com/doc/2006-03-01/"'
/** Sorts after every key that begins with what stands before it. */
const afterAll = '\u{10ffff}'

interface Page {
  readonly objects: StoredObject[]
  readonly prefixes: string[]
  /** The first key or prefix of the next page starts after this one. */
  next?: string
}

export function listObjects(store: BucketStore, { bucket, query }: S3Request): string {
  store.expectBucket(bucket)
  const prefix = query.get('prefix') ?? ''
  const delimiter = query.get('delimiter') ?? ''
  const token = query.get('continuation-token')
  const startAfter = query.get('start-after') ?? undefined
  const maxKeys = Math.min(1000, Number(query.get('max-keys') ?? 1000))
  if (!Number.isInteger(maxKeys) || maxKeys < 0) throw new S3Error('InvalidArgument', 400, 'Invalid max-keys')
  const after = token === null ? startAfter : Buffer.from(token, 'base64url').toString()
  const page = pageOf(store, bucket, { prefix, delimiter, after, maxKeys })
  const encode = query.get('encoding-type') === 'url' ? encodeKey : (key: string) => key
  return element(
    'ListBucketResult',
    {
      Name: bucket,
      Prefix: encode(prefix),
      Delimiter: delimiter === '' ? undefined : encode(delimiter),
      StartAfter: startAfter === undefined ? undefined : encode(startAfter),
      ContinuationToken: token ?? undefined,
      NextContinuationToken:
        page.next === undefined ? undefined : Buffer.from(page.next).toString('base64url'),
      KeyCount: page.objects.length + page.prefixes.length,
      MaxKeys: maxKeys,
      EncodingType: query.get('encoding-type') ?? undefined,
      IsTruncated: page.next !== undefined,
      ...groups(page, encode),
    },
    namespace,
  )
}

/** The one version of each object, `null`: so S3 answers for a bucket without versions. */
export function listVersions(store: BucketStore, { bucket, query }: S3Request): string {
  store.expectBucket(bucket)
  const prefix = query.get('prefix') ?? ''
  const after = query.get('key-marker') ?? undefined
  const maxKeys = Math.min(1000, Number(query.get('max-keys') ?? 1000))
  if (!Number.isInteger(maxKeys) || maxKeys < 1) throw new S3Error('InvalidArgument', 400, 'Invalid max-keys')
  const page = pageOf(store, bucket, { prefix, delimiter: '', after, maxKeys })
  const encode = query.get('encoding-type') === 'url' ? encodeKey : (key: string) => key
  return element(
    'ListVersionsResult',
    {
      Name: bucket,
      Prefix: encode(prefix),
      MaxKeys: maxKeys,
      EncodingType: query.get('encoding-type') ?? undefined,
      IsTruncated: page.next !== undefined,
      NextKeyMarker: page.next === undefined ? undefined : encode(page.next),
      NextVersionIdMarker: page.next === undefined ? undefined : 'null',
      Version: page.objects.map(({ key, modified, etag, size }) =>
        element('Version', {
          ...{ Key: encode(key), VersionId: 'null', IsLatest: true },
          ...{
            LastModified: new Date(modified).toISOString(),
            ETag: etag,
            Size: size,
            StorageClass: 'STANDARD',
          },
        }),
      ),
    },
    namespace,
  )
}

function groups({ objects, prefixes }: Page, encode: (key: string) => string) {
  return {
    Contents: objects.map(({ key, modified, etag, size }) => {
      const lastModified = new Date(modified).toISOString()
      const fields = {
        Key: encode(key),
        LastModified: lastModified,
        ETag: etag,
        Size: size,
        StorageClass: 'STANDARD',
      }
      return element('Contents', fields)
    }),
    CommonPrefixes: prefixes.map((one) => element('CommonPrefixes', { Prefix: encode(one) })),
  }
}

function pageOf(
  store: BucketStore,
  bucket: string,
  {
    prefix,
    delimiter,
    after,
    maxKeys,
  }: { prefix: string; delimiter: string; after: string | undefined; maxKeys: number },
): Page {
  const page: Page = { objects: [], prefixes: [] }
  let from = prefix
  let last = after
  if (after !== undefined && Buffer.compare(Buffer.from(after), Buffer.from(prefix)) >= 0) {
    const cut = delimiter === '' ? -1 : after.indexOf(delimiter, prefix.length)
    from = cut >= 0 && cut + delimiter.length === after.length ? after + afterAll : after
  }
  while (maxKeys > 0) {
    const batch = store.index.list(bucket, from, 1001)
    for (const object of batch) {
      if (!object.key.startsWith(prefix)) return page
      if (object.key === after) continue
      const cut = delimiter === '' ? -1 : object.key.indexOf(delimiter, prefix.length)
      const common = cut < 0 ? undefined : object.key.slice(0, cut + delimiter.length)
      if (common !== undefined && common === page.prefixes.at(-1)) continue
      if (page.objects.length + page.prefixes.length === maxKeys)
        return { ...page, ...(last === undefined ? {} : { next: last }) }
      if (common === undefined) page.objects.push(object)
      else page.prefixes.push(common)
      last = common ?? object.key
    }
    const end = batch.at(-1)
    if (end === undefined || batch.length < 1001) return page
    from = end.key + '\0'
  }
  return page
}

/** As S3 does it: everything but unreserved characters and the slash. */
const encodeKey = (key: string) => encodeURIComponent(key).replaceAll('%2F', '/')
