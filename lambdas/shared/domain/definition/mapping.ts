import type { z } from 'zod'
import type { Contract } from './source.ts'
import type { TargetContract } from './target.ts'

/**
 * How a field with personal data is treated. `hash`: the target gets a keyed hash. `drop`: it is not
 * migrated. `mask`: migrated, and never shown. `keep`: migrated and shown.
 */
export type PiiClass = 'mask' | 'hash' | 'drop' | 'keep'

/** Names of the row's fields whose type fits the target's field. */
type FittingField<Row, To> = { [K in keyof Row & string]: Row[K] extends To ? K : never }[keyof Row & string]

type From<Row, To, Refs> = FittingField<Row, To> | ((row: Row, refs: Refs) => To)

export type FieldMapping<Row, To, Refs> =
  From<Row, To, Refs> | { readonly from: From<Row, To, Refs>; readonly pii: PiiClass }

/** One entry per field of the target's contract that the mapping owns. */
export type Mapping<R extends Contract, T extends TargetContract, Refs> = {
  readonly [K in keyof z.input<T>]: FieldMapping<z.output<R>, z.input<T>[K], Refs>
}

/** A predicate per reason for leaving a record out on purpose; the first that holds counts. */
export type Filter<R extends Contract> = Readonly<Record<string, (row: z.output<R>) => boolean>>
