import { encode } from '../canonical.ts'
import type { SourceRecord } from '../source-record.ts'
import type { Value } from '../value.ts'
import { DistinctSketch } from './distinct-sketch.ts'
import type { ColumnProfile, PartProfile } from './profile.ts'
import type { ProfiledColumns } from './profiled-columns.ts'
import { valueType, valueTypes } from './value-type.ts'

interface Column {
  readonly name: string
  readonly types: Map<string, number>
  readonly sketch: DistinctSketch | undefined
  filled: number
}

/** JSON with more names than these has names that are data, whatever its contract says. */
const mostColumns = 512
const writeUnit = 1024
const readUnit = 4096

/** Collects the profile of a part of a batch; memory grows with the number of columns alone. */
export class ProfileBuilder {
  readonly #allowed: ProfiledColumns
  readonly #names: readonly string[] | undefined
  readonly #columns = new Map<string, Column>()
  readonly #mapped = { records: 0, bytes: 0, writeUnits: 0, readUnits: 0 }
  #records = 0
  #bytes = 0
  #unread = 0
  #undeclared = 0

  /** `names`: the columns of the batch's object, where it is delimited text. */
  constructor(allowed: ProfiledColumns, names: readonly string[] | undefined) {
    this.#allowed = allowed
    this.#names = names
    for (const name of names ?? []) this.#columnOf(name)
  }

  see(record: SourceRecord): void {
    this.#records += 1
    this.#bytes += Buffer.byteLength(record.raw)
    const fields: unknown = 'fields' in record ? record.fields : undefined
    if (typeof fields !== 'object' || fields === null) {
      this.#unread += 1
      return
    }
    let isUndeclared = false
    for (const [name, value] of Object.entries(fields)) {
      const column = this.#columnOf(name)
      if (column) seeValue(column, value)
      else isUndeclared = true
    }
    if (isUndeclared) this.#undeclared += 1
  }

  /** An item of so many bytes goes to the target. */
  seeItem(bytes: number): void {
    this.#mapped.records += 1
    this.#mapped.bytes += bytes
    this.#mapped.writeUnits += Math.max(1, Math.ceil(bytes / writeUnit))
    this.#mapped.readUnits += Math.max(1, Math.ceil(bytes / readUnit))
  }

  result(): PartProfile {
    const read = this.#records - this.#unread
    return {
      records: this.#records,
      bytes: this.#bytes,
      unread: this.#unread,
      undeclared: this.#undeclared,
      headers: this.#names ? [{ columns: [...this.#names], records: this.#records }] : [],
      columns: [...this.#columns.values()].map((column) => columnResult(column, read)),
      mapped: { ...this.#mapped },
    }
  }

  #columnOf(name: string): Column | undefined {
    const known = this.#columns.get(name)
    if (known || !this.#allowed.isDeclared(name) || this.#columns.size === mostColumns) return known
    const sketch = this.#allowed.isPlain(name) ? new DistinctSketch() : undefined
    const column = { name, types: new Map<string, number>(), sketch, filled: 0 }
    this.#columns.set(name, column)
    return column
  }
}

function seeValue(column: Column, value: unknown): void {
  const type = valueType(value)
  if (type === undefined) return
  column.filled += 1
  column.types.set(type, (column.types.get(type) ?? 0) + 1)
  column.sketch?.add(typeof value === 'string' ? value : encode(value as Value))
}

function columnResult({ name, types, sketch, filled }: Column, read: number): ColumnProfile {
  const seen = valueTypes.flatMap((type) => {
    const count = types.get(type)
    return count === undefined ? [] : [[type, count] as const]
  })
  return {
    name,
    nulls: read - filled,
    types: Object.fromEntries(seen),
    ...(sketch && { distinct: sketch.encode() }),
  }
}
