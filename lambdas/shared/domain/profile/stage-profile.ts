import { z } from 'zod'
import { DistinctSketch } from './distinct-sketch.ts'
import { partProfile, type PartProfile } from './profile.ts'
import { valueTypes, type ValueType } from './value-type.ts'

const count = z.int().nonnegative()

/**
 * How many records of a whole have a trait, and how unevenly they lie in its batches: `spread` is the sum of
 * count² / whole over the batches. Sources are often sorted, and then a share that looks certain is not.
 */
const tally = z.object({ count, spread: z.number().nonnegative() })
export type Tally = z.infer<typeof tally>

const columnSum = z.object({
  name: z.string(),
  /** Of the records that were read. */
  nulls: tally,
  /** Each of the values that are there. */
  types: z.partialRecord(z.enum(valueTypes), tally),
  distinct: z.string().optional(),
})

/** What the source of several batches looks like. */
export const stageProfile = z.object({
  batches: count,
  ...partProfile.pick({ records: true, bytes: true, unread: true, undeclared: true, headers: true }).shape,
  columns: z.array(columnSum),
  mapped: partProfile.shape.mapped,
})
export type StageProfile = z.infer<typeof stageProfile>

interface ColumnSum {
  nulls: Tally
  readonly types: Map<ValueType, Tally>
  /** `undefined`: no sketch is kept of this column. */
  readonly sketch: DistinctSketch | undefined
}

const mostHeaders = 20
const nothing: Tally = { count: 0, spread: 0 }
const more = (sum: Tally, part: number, whole: number): Tally =>
  part === 0 ? sum : { count: sum.count + part, spread: sum.spread + (part * part) / whole }

/** Adds up the profiles of batches, each as the parts it was written in. Memory grows with the columns alone. */
export class StageProfileBuilder {
  readonly #columns = new Map<string, ColumnSum>()
  readonly #headers = new Map<string, { readonly columns: string[]; records: number }>()
  readonly #sums = { batches: 0, records: 0, bytes: 0, unread: 0, undeclared: 0 }
  readonly #mapped = { records: 0, bytes: 0, writeUnits: 0, readUnits: 0 }
  /** Records that were read, of all batches so far. */
  #read = 0

  add(parts: readonly PartProfile[]): void {
    this.#sums.batches += 1
    for (const part of parts) this.#addSums(part)
    const read = parts.reduce((sum, { records, unread }) => sum + records - unread, 0)
    this.#addColumns(parts, read)
    this.#read += read
  }

  result(): StageProfile {
    return {
      ...this.#sums,
      headers: [...this.#headers.values()],
      columns: [...this.#columns].map(([name, { nulls, types, sketch }]) => ({
        ...{ name, nulls, types: Object.fromEntries(types) },
        ...(sketch && { distinct: sketch.encode() }),
      })),
      mapped: { ...this.#mapped },
    }
  }

  #addSums({ records, bytes, unread, undeclared, mapped, headers }: PartProfile): void {
    this.#sums.records += records
    this.#sums.bytes += bytes
    this.#sums.unread += unread
    this.#sums.undeclared += undeclared
    for (const name of ['records', 'bytes', 'writeUnits', 'readUnits'] as const)
      this.#mapped[name] += mapped[name]
    for (const header of headers) {
      const name = JSON.stringify(header.columns)
      const known = this.#headers.get(name)
      if (known) known.records += header.records
      else if (this.#headers.size < mostHeaders) this.#headers.set(name, { ...header })
    }
  }

  #addColumns(parts: readonly PartProfile[], read: number): void {
    const found = Map.groupBy(
      parts.flatMap(({ columns }) => columns),
      ({ name }) => name,
    )
    for (const [name, [first]] of found) {
      if (this.#columns.has(name)) continue
      const sketch = first?.distinct === undefined ? undefined : new DistinctSketch()
      // In every batch before this one it was absent from every record.
      this.#columns.set(name, { nulls: { count: this.#read, spread: this.#read }, types: new Map(), sketch })
    }
    for (const [name, column] of this.#columns) {
      const types = new Map<ValueType, number>()
      for (const part of found.get(name) ?? []) {
        if (part.distinct !== undefined) column.sketch?.merge(DistinctSketch.decode(part.distinct))
        for (const type of valueTypes) types.set(type, (types.get(type) ?? 0) + (part.types[type] ?? 0))
      }
      const filled = [...types.values()].reduce((sum, n) => sum + n, 0)
      column.nulls = more(column.nulls, read - filled, read)
      for (const [type, n] of types) {
        if (n > 0) column.types.set(type, more(column.types.get(type) ?? nothing, n, filled))
      }
    }
  }
}

/** Values that are there, of a column. */
export const filledOf = ({ types }: StageProfile['columns'][number]): number =>
  Object.values(types).reduce((sum, { count: n }) => sum + n, 0)
