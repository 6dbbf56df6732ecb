import type { DatabaseSync } from 'node:sqlite'
import type { Attributes } from './object-index.ts'

export interface Upload {
  readonly id: string
  readonly bucket: string
  readonly key: string
  readonly started: number
  readonly attributes: Attributes
}

export interface Part {
  readonly number: number
  readonly file: string
  readonly size: number
  /** In hex. */
  readonly md5: string
  readonly modified: number
  readonly checksum: string | null
}

/** Multipart uploads under way. */
export class UploadIndex {
  readonly #statements

  constructor(database: DatabaseSync) {
    this.#statements = {
      create: database.prepare(
        'INSERT INTO uploads (id, bucket, key, started, attributes) VALUES (?, ?, ?, ?, ?)',
      ),
      get: database.prepare('SELECT * FROM uploads WHERE id = ?'),
      list: database.prepare('SELECT * FROM uploads WHERE bucket = ? ORDER BY key, started'),
      delete: database.prepare('DELETE FROM uploads WHERE id = ?'),
      putPart: database.prepare(
        'INSERT OR REPLACE INTO parts (upload, number, file, size, md5, modified, checksum) VALUES (?, ?, ?, ?, ?, ?, ?)',
      ),
      parts: database.prepare('SELECT * FROM parts WHERE upload = ? ORDER BY number'),
      deleteParts: database.prepare('DELETE FROM parts WHERE upload = ?'),
    }
  }

  create({ id, bucket, key, started, attributes }: Upload): void {
    this.#statements.create.run(id, bucket, key, started, JSON.stringify(attributes))
  }

  get(id: string): Upload | undefined {
    const row = this.#statements.get.get(id) as
      (Omit<Upload, 'attributes'> & { attributes: string }) | undefined
    return row && { ...row, attributes: JSON.parse(row.attributes) as Attributes }
  }

  list(bucket: string): readonly Omit<Upload, 'attributes'>[] {
    return this.#statements.list.all(bucket) as unknown as Upload[]
  }

  delete(id: string): void {
    this.#statements.deleteParts.run(id)
    this.#statements.delete.run(id)
  }

  putPart(upload: string, { number, file, size, md5, modified, checksum }: Part): void {
    this.#statements.putPart.run(upload, number, file, size, md5, modified, checksum)
  }

  parts(upload: string): readonly Part[] {
    return this.#statements.parts.all(upload) as unknown as Part[]
  }
}
