import type { z } from 'zod'

/** A contract: any zod schema. Its output is the `row` that mapping and filter see. */
export type Contract = z.ZodType

interface ObjectsOf<R extends Contract> {
  /** Name of the source in `cdk.json`; the environment says which bucket it is. */
  readonly at: string
  /** Every object under this prefix belongs to the segment. */
  readonly prefix: string
  readonly record: R
}

/** Delimited text (RFC 4180), plain or gzip (by the ending `.gz`), one contract over all objects. */
export interface S3Delimited<R extends Contract = Contract> extends ObjectsOf<R> {
  readonly kind: 's3-delimited'
  readonly delimiter: string
  readonly quote: string
  /** `true`: each object opens with the names. A list: the names, and no object has a header row. */
  readonly header: true | readonly string[]
  /** An unquoted field with this text is `null`. */
  readonly nullToken?: string
  readonly encoding: 'utf-8' | 'latin1'
}

/** One JSON object a line, UTF-8, plain or gzip. */
export interface S3Ndjson<R extends Contract = Contract> extends ObjectsOf<R> {
  readonly kind: 's3-ndjson'
}

export type SourceSpec<R extends Contract = Contract> = S3Delimited<R> | S3Ndjson<R>

type DelimitedOptions<R extends Contract> = ObjectsOf<R> &
  Partial<Pick<S3Delimited<R>, 'delimiter' | 'quote' | 'header' | 'nullToken' | 'encoding'>>

/** A source of delimited text. Defaults: comma, double quote, header row, UTF-8 (a BOM is skipped). */
export function s3Delimited<R extends Contract>(options: DelimitedOptions<R>): S3Delimited<R> {
  return { kind: 's3-delimited', delimiter: ',', quote: '"', header: true, encoding: 'utf-8', ...options }
}

/** A source of newline-delimited JSON. */
export function s3Ndjson<R extends Contract>(options: ObjectsOf<R>): S3Ndjson<R> {
  return { kind: 's3-ndjson', ...options }
}
