import { mkdirSync, readdirSync, unlinkSync } from 'node:fs'
import { unlink } from 'node:fs/promises'
import type { IncomingHttpHeaders } from 'node:http'
import { join } from 'node:path'
import type { BucketModel } from '../../assembly/model.ts'
import { checkWrite } from './conditions.ts'
import { noSuchBucket, S3Error } from './errors.ts'
import { ObjectIndex, openDatabase, type StoredObject } from './object-index.ts'
import { UploadIndex } from './uploads.ts'

const millisecondsOfDay = 86_400_000

/**
 * Objects in `<stateDirectory>/s3`: an index in SQLite, and one file for the bytes of each object, whose name is
 * never used twice. A file is complete before the row that names it is written, so a killed process leaves at
 * worst a file that nothing names; the next start deletes it.
 */
export class BucketStore {
  readonly directory: string
  readonly index: ObjectIndex
  readonly uploads: UploadIndex
  /** Buckets that were made with Object Lock, and how long each object is locked that does not say so itself. */
  readonly lockable = new Map<string, BucketModel['retention']>()

  constructor(stateDirectory: string) {
    this.directory = join(stateDirectory, 's3', 'files')
    mkdirSync(this.directory, { recursive: true })
    const database = openDatabase(join(stateDirectory, 's3', 'index.db'))
    this.index = new ObjectIndex(database)
    this.uploads = new UploadIndex(database)
    const named = this.index.files()
    for (const file of readdirSync(this.directory)) if (!named.has(file)) unlinkSync(this.path(file))
  }

  path(file: string): string {
    return join(this.directory, file)
  }

  expectBucket(bucket: string): void {
    if (!this.index.hasBucket(bucket)) throw noSuchBucket(bucket)
  }

  /** Checks and writes in one turn of the event loop: of two conditional writes of a key, one is refused. */
  put(bucket: string, given: StoredObject, headers: IncomingHttpHeaders): void {
    this.expectBucket(bucket)
    this.#refuseRetention(bucket, given)
    const object = this.#retained(bucket, given)
    const existing = this.index.get(bucket, object.key)
    checkWrite(headers, object.key, existing)
    if (existing) refuseLocked(existing)
    this.index.put(bucket, object)
    if (existing) this.discard([existing.file])
  }

  #refuseRetention(bucket: string, { attributes }: StoredObject): void {
    if (!('x-amz-object-lock-mode' in attributes.headers) || this.lockable.has(bucket)) return
    throw new S3Error('InvalidRequest', 400, 'Bucket is missing Object Lock Configuration')
  }

  /** What a client says for itself goes before the default of the bucket. */
  #retained(bucket: string, object: StoredObject): StoredObject {
    const retention = this.lockable.get(bucket)
    const { headers } = object.attributes
    if (retention === undefined || 'x-amz-object-lock-mode' in headers) return object
    const until = new Date(object.modified + retention.days * millisecondsOfDay).toISOString()
    const lock = { 'x-amz-object-lock-mode': retention.mode, 'x-amz-object-lock-retain-until-date': until }
    return { ...object, attributes: { ...object.attributes, headers: { ...headers, ...lock } } }
  }

  delete(bucket: string, key: string): void {
    this.expectBucket(bucket)
    const existing = this.index.get(bucket, key)
    if (existing === undefined) return
    refuseLocked(existing)
    this.index.delete(bucket, key)
    this.discard([existing.file])
  }

  /** Whoever has a file open goes on reading it. */
  discard(files: readonly string[]): void {
    for (const file of files) unlink(this.path(file)).catch((error: unknown) => console.error(error))
  }

  close(): void {
    this.index.close()
  }
}

/** On AWS the older version would survive an overwrite or a delete; without versions it must not happen at all. */
function refuseLocked({ attributes }: StoredObject): void {
  const until = Date.parse(attributes.headers['x-amz-object-lock-retain-until-date'] ?? '')
  if (until > Date.now()) {
    throw new S3Error('AccessDenied', 403, 'Access Denied because object protected by object lock.')
  }
}
