import { LockgateError } from '../../contract/errors.ts'
import { decode, encode, encodeFields } from '../canonical.ts'
import type { Segment, UntypedFieldMapping } from '../definition/segment.ts'
import type { Problem, SourceRecord } from '../source-record.ts'
import { inexactness, type Fields, type Value } from '../value.ts'
import { kindOfError, parseBy } from './contract-problem.ts'
import { dynamoDbProblem } from './dynamodb-limits.ts'
import { hashesFields, keyOf, ownedFields, pick, type HashText } from './owned-fields.ts'

/** What becomes of a record of the source. `text` is the canonical text of `after`. */
export type MappedRecord =
  | { readonly kind: 'mapped'; readonly key: Fields; readonly after: Fields; readonly text: string }
  | { readonly kind: 'filtered'; readonly reason: string }
  | { readonly kind: 'quarantined'; readonly problem: Problem }

/** @throws InvalidDefinition when a contract is asynchronous. */
export type RecordMapper = (record: SourceRecord) => MappedRecord

const quarantined = (problem: Problem): MappedRecord => ({ kind: 'quarantined', problem })

/**
 * Contract, filter, mapping, contract, and the checks that each value arrives exactly: for one segment.
 * `hash` is needed where a field is classified `pii: 'hash'`.
 */
export function recordMapper(segment: Segment, hash?: HashText): RecordMapper {
  if (!hash && hashesFields(segment)) throw new Error(`segment ${segment.name} hashes fields, and has no key`)
  const owned = ownedFields(segment)
  const filters = Object.entries(segment.filter)
  const fields = owned.map((name) => [name, fieldMapper(segment, name, hash)] as const)
  const isSourceField = sourceFieldNames(segment)
  const isTargetField = (name: string) => name in segment.map

  return (record) => {
    if ('problem' in record) return quarantined(record.problem)
    const row = parseBy(segment.source.record, record.fields, 'SourceContract', isSourceField)
    if ('problem' in row) return quarantined(row.problem)

    for (const [reason, isLeftOut] of filters) {
      try {
        const answer: unknown = isLeftOut(row.value)
        if (answer === true) return { kind: 'filtered', reason }
        // A promise, above all, must not pass for a yes or a no.
        if (answer !== false) throw new TypeError('neither true nor false')
      } catch (error) {
        const detail = `the filter "${reason}" threw ${kindOfError(error)}`
        return quarantined({ reason: 'FilterFailed', detail })
      }
    }

    const mapped: Record<string, unknown> = {}
    for (const [field, map] of fields) {
      try {
        mapped[field] = map(row.value)
      } catch (error) {
        if (error instanceof LockgateError) throw error
        return quarantined({
          reason: 'MappingFailed',
          field,
          detail: `the mapping threw ${kindOfError(error)}`,
        })
      }
    }
    const result = parseBy(segment.target.record, mapped, 'TargetContract', isTargetField)
    if ('problem' in result) return quarantined(result.problem)
    return finish(segment, owned, result.value)
  }
}

function finish(
  segment: Segment,
  owned: readonly string[],
  value: Readonly<Record<string, unknown>>,
): MappedRecord {
  // Past the value checks below, nothing but a `Value` is left in it.
  const after = pick(value as Fields, owned)
  const limits = dynamoDbProblem(segment.target, after)
  if (limits) return quarantined(limits)
  for (const [field, item] of Object.entries(after)) {
    const reason = inexactness(item)
    if (reason) return quarantined({ reason, field, detail: 'the value cannot arrive exactly as it is' })
  }
  return { kind: 'mapped', key: keyOf(segment, after), after, text: encodeFields(after) }
}

function fieldMapper(segment: Segment, name: string, hash: HashText | undefined): (row: unknown) => unknown {
  const mapping: UntypedFieldMapping | undefined = segment.map[name]
  const from = typeof mapping === 'object' ? mapping.from : mapping
  const read = (row: unknown): unknown => {
    if (typeof from === 'function') return from(row, segment.references)
    return typeof row === 'object' && row !== null && from !== undefined ? Reflect.get(row, from) : undefined
  }
  if (typeof mapping !== 'object' || mapping.pii !== 'hash' || !hash) return read
  return (row) => {
    const value = read(row)
    return value === undefined || value === null ? value : hash(encode(value as Value))
  }
}

/** Names that may be shown: those that the contract declares, else the columns of delimited text. */
function sourceFieldNames({ source }: Segment): (name: string) => boolean {
  const { record } = source
  const shape: unknown = 'shape' in record ? record.shape : undefined
  if (typeof shape === 'object' && shape !== null) return (name) => name in shape
  return () => source.kind === 's3-delimited'
}

/** A record with its fields as they are after staging: mapping must see the same, staged or fresh. */
export function asStaged(record: SourceRecord): SourceRecord {
  return 'fields' in record ? { ...record, fields: decode(encode(record.fields as Value)) } : record
}
