import type { Finding } from '../lambdas/shared/domain/decision-log/finding.ts'
import { placeOfCopy } from '../lambdas/shared/domain/decision-log/read-partition.ts'
import { verifyKept, type StoredObject } from '../lambdas/shared/domain/decision-log/verify-object.ts'
import { evidenceKeys } from '../lambdas/shared/domain/object-keys.ts'
import { listVersions, readObject, readVersions } from './read-objects.ts'
import type { AuditScope } from './scope.ts'

/** An entry is an item of its table as well, and that has 400 KB: of anything longer the beginning is enough to refuse it. */
const mostBytes = 400 * 1024

/** The copies of a chain's entries under Object Lock, by place. What is stored goes into the pack as it is stored. */
export class Copies {
  readonly #scope: AuditScope
  readonly #found = new Map<number, StoredObject>()
  readonly #strange: Finding[] = []

  private constructor(scope: AuditScope) {
    this.#scope = scope
  }

  static async read(scope: AuditScope): Promise<Copies> {
    const { connection, places, chain, progress } = scope
    const copies = new Copies(scope)
    const bucket = places.evidenceBucket
    const listed = await listVersions(connection.objects, bucket, evidenceKeys.logEntriesOf(chain))
    for (const [n, versions] of listed.entries()) {
      await copies.#keep(await readVersions(connection.objects, bucket, versions, mostBytes))
      progress('copies', n + 1, listed.length)
    }
    return copies
  }

  has(place: number): boolean {
    return this.#found.get(place)?.content !== undefined
  }

  /** Looks for one copy, which may have been made since. */
  async look(place: number): Promise<boolean> {
    const { connection, places, chain } = this.#scope
    const key = evidenceKeys.logEntry(chain, place)
    await this.#keep(await readObject(connection.objects, places.evidenceBucket, key, mostBytes))
    return this.has(place)
  }

  /** Bytes by place. */
  get entries(): ReadonlyMap<number, Uint8Array> {
    const found = [...this.#found].flatMap(([place, { content }]) =>
      content ? [[place, content] as const] : [],
    )
    return new Map(found)
  }

  get findings(): readonly Finding[] {
    return [...this.#strange, ...[...this.#found].flatMap(([place, one]) => verifyKept('copy', one, place))]
  }

  async #keep(stored: StoredObject): Promise<void> {
    const { key, content } = stored
    const place = placeOfCopy(this.#scope.chain, key)
    // Beside the copies it would be taken for one.
    const name = place === undefined ? `added/${key}` : key
    const written = content && (await this.#scope.pack.write(name, content))
    if (place !== undefined) {
      this.#found.set(place, stored)
      return
    }
    const where = written === undefined ? '' : `; the pack has it as ${written}`
    const message = `${key} is among the copies, and has no name of one${where}`
    this.#strange.push({ kind: 'added', side: 'copy', at: key, message })
  }
}
