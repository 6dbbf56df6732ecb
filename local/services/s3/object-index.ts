import { DatabaseSync } from 'node:sqlite'
import type { ChecksumAlgorithm } from './checksums.ts'

/** What is kept of an object besides its bytes: response headers, user metadata and checksum. */
export interface Attributes {
  readonly headers: Readonly<Record<string, string>>
  readonly checksum?: {
    readonly algorithm: ChecksumAlgorithm
    readonly value: string
    readonly type: 'FULL_OBJECT' | 'COMPOSITE'
  }
}

export interface StoredObject {
  readonly key: string
  readonly file: string
  readonly size: number
  /** With its quotes. */
  readonly etag: string
  /** Milliseconds since the epoch. */
  readonly modified: number
  readonly attributes: Attributes
}

interface Row {
  readonly key: string
  readonly file: string
  readonly size: number
  readonly etag: string
  readonly modified: number
  readonly attributes: string
}

const schema = `
  PRAGMA journal_mode = WAL;
  PRAGMA synchronous = NORMAL;
  CREATE TABLE IF NOT EXISTS buckets (name TEXT PRIMARY KEY, created INTEGER NOT NULL) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS objects (
    bucket TEXT NOT NULL, key TEXT NOT NULL, file TEXT NOT NULL, size INTEGER NOT NULL, etag TEXT NOT NULL,
    modified INTEGER NOT NULL, attributes TEXT NOT NULL, PRIMARY KEY (bucket, key)) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS uploads (
    id TEXT PRIMARY KEY, bucket TEXT NOT NULL, key TEXT NOT NULL, started INTEGER NOT NULL,
    attributes TEXT NOT NULL) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS parts (
    upload TEXT NOT NULL, number INTEGER NOT NULL, file TEXT NOT NULL, size INTEGER NOT NULL, md5 TEXT NOT NULL,
    modified INTEGER NOT NULL, checksum TEXT, PRIMARY KEY (upload, number)) WITHOUT ROWID;
`

/** Opens the index of buckets, objects and uploads. SQLite compares keys by their UTF-8 bytes, as S3 sorts them. */
export function openDatabase(path: string): DatabaseSync {
  const database = new DatabaseSync(path)
  database.exec(schema)
  return database
}

export class ObjectIndex {
  readonly #database: DatabaseSync
  readonly #statements

  constructor(database: DatabaseSync) {
    this.#database = database
    const columns = 'key, file, size, etag, modified, attributes'
    this.#statements = {
      get: database.prepare(`SELECT ${columns} FROM objects WHERE bucket = ? AND key = ?`),
      put: database.prepare(
        `INSERT OR REPLACE INTO objects (bucket, ${columns}) VALUES (?, ?, ?, ?, ?, ?, ?)`,
      ),
      delete: database.prepare('DELETE FROM objects WHERE bucket = ? AND key = ?'),
      list: database.prepare(
        `SELECT ${columns} FROM objects WHERE bucket = ? AND key >= ? ORDER BY key LIMIT ?`,
      ),
      bucket: database.prepare('SELECT name FROM buckets WHERE name = ?'),
      buckets: database.prepare('SELECT name, created FROM buckets ORDER BY name'),
      createBucket: database.prepare('INSERT OR IGNORE INTO buckets (name, created) VALUES (?, ?)'),
      deleteBucket: database.prepare('DELETE FROM buckets WHERE name = ?'),
      files: database.prepare('SELECT file FROM objects UNION ALL SELECT file FROM parts'),
    }
  }

  hasBucket(name: string): boolean {
    return this.#statements.bucket.get(name) !== undefined
  }

  buckets(): readonly { readonly name: string; readonly created: number }[] {
    return this.#statements.buckets.all() as unknown as { name: string; created: number }[]
  }

  createBucket(name: string): void {
    this.#statements.createBucket.run(name, Date.now())
  }

  deleteBucket(name: string): void {
    this.#statements.deleteBucket.run(name)
  }

  get(bucket: string, key: string): StoredObject | undefined {
    const row = this.#statements.get.get(bucket, key) as Row | undefined
    return row && parse(row)
  }

  put(bucket: string, { key, file, size, etag, modified, attributes }: StoredObject): void {
    this.#statements.put.run(bucket, key, file, size, etag, modified, JSON.stringify(attributes))
  }

  delete(bucket: string, key: string): void {
    this.#statements.delete.run(bucket, key)
  }

  /** Up to `limit` objects, from the first key that is not below `from`. */
  list(bucket: string, from: string, limit: number): readonly StoredObject[] {
    return (this.#statements.list.all(bucket, from, limit) as unknown as Row[]).map(parse)
  }

  /** Names of all files that objects and parts consist of. */
  files(): ReadonlySet<string> {
    return new Set((this.#statements.files.all() as unknown as { file: string }[]).map(({ file }) => file))
  }

  close(): void {
    this.#database.close()
  }
}

function parse(row: Row): StoredObject {
  return { ...row, attributes: JSON.parse(row.attributes) as Attributes }
}
