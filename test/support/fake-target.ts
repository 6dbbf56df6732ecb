import { LockgateError } from '../../lambdas/shared/contract/errors.ts'
import { encodeFields } from '../../lambdas/shared/domain/canonical.ts'
import type { Fields, Value } from '../../lambdas/shared/domain/value.ts'
import type { ScanPage, Target, TargetWrite, WriteOutcome } from '../../lambdas/shared/ports/target.ts'

const mostBytes = 400 * 1024

/** Records by the canonical text of their keys; each holds what is owned and what others put there. */
export class FakeTarget implements Target {
  readonly records = new Map<string, Record<string, Value>>()
  readonly key: readonly string[]
  readonly owned: readonly string[]
  /** Runs before each write; a test lets others write here, or fails. */
  beforeWrite: (write: TargetWrite) => void | Promise<void> = () => undefined
  /** The table was deleted. */
  missing = false
  reads = 0
  writes = 0
  readonly inScope: (key: Fields) => boolean

  constructor(
    key: readonly string[],
    owned: readonly string[],
    inScope: (key: Fields) => boolean = () => true,
  ) {
    this.key = key
    this.owned = owned
    this.inScope = inScope
  }

  async check(): Promise<void> {
    if (this.missing) throw new LockgateError('TargetMissing', 'there is no such table')
  }

  /** It has none. */
  async checkIndexes(): Promise<void> {}

  async read(keys: readonly Fields[], signal?: AbortSignal): Promise<(Fields | undefined)[]> {
    signal?.throwIfAborted()
    this.reads += keys.length
    return keys.map((key) => this.ownedOf(this.records.get(encodeFields(key))))
  }

  async write(writes: readonly TargetWrite[], signal?: AbortSignal): Promise<WriteOutcome[]> {
    const outcomes: WriteOutcome[] = []
    for (const write of writes) {
      signal?.throwIfAborted()
      await this.check()
      await this.beforeWrite(write)
      outcomes.push(this.writeOne(write))
    }
    return outcomes
  }

  async scan(part: number, total: number, after?: string, signal?: AbortSignal): Promise<ScanPage> {
    signal?.throwIfAborted()
    const all = [...this.records.values()]
      .map((record) => this.keyOf(record))
      .filter((key) => this.inScope(key))
    const own = all.filter((_, i) => i % total === part)
    const from = Number(after ?? 0)
    const keys = own.slice(from, from + 2)
    return from + 2 < own.length ? { keys, next: String(from + 2) } : { keys }
  }

  /** Puts a record there as somebody else would; fields that are not owned stay. */
  put(record: Record<string, Value>): void {
    const key = encodeFields(this.keyOf(record))
    this.records.set(key, { ...this.records.get(key), ...record })
  }

  get(key: Fields): Record<string, Value> | undefined {
    return this.records.get(encodeFields(key))
  }

  private keyOf(record: Fields): Fields {
    return Object.fromEntries(this.key.map((name) => [name, record[name]]))
  }

  private ownedOf(record: Fields | undefined): Fields | undefined {
    if (!record) return undefined
    const names = [...this.key, ...this.owned].filter((name) => record[name] !== undefined)
    return Object.fromEntries(names.map((name) => [name, record[name]]))
  }

  private writeOne({ key, expected, after }: TargetWrite): WriteOutcome {
    const at = encodeFields(key)
    const now = this.records.get(at)
    const held = this.ownedOf(now)
    const same = held && expected ? encodeFields(held) === encodeFields(expected) : held === expected
    if (!same) return 'refused'
    const next: Record<string, Value> = { ...now }
    for (const name of this.owned) delete next[name]
    for (const [name, value] of Object.entries(after)) if (value !== undefined) next[name] = value
    if (encodeFields(next).length > mostBytes) throw new LockgateError('ItemTooLarge', 'more than 400 KB')
    this.records.set(at, next)
    this.writes += 1
    return 'written'
  }
}
