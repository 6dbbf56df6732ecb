import { maxAttributes } from '../../mapping/dynamodb-limits.ts'
import { keyNames, ownedFields } from '../../mapping/owned-fields.ts'
import type { Segment, UntypedFieldMapping } from '../segment.ts'
import { fieldsOf, isOpen, kindOf } from './contract-shape.ts'
import type { Finding } from './definition-problem.ts'

/** The mapping against both contracts. */
export function checkMapping(segment: Segment): Finding[] {
  const targetFields = fieldsOf(segment.target.record) ?? {}
  const mapped = Object.entries(segment.map)
  const found: [field: string, message: string][] = []
  if (mapped.length === 0) found.push(['map', 'maps no field'])
  const attributes = new Set([...keyNames(segment), ...ownedFields(segment)]).size
  if (attributes > maxAttributes) {
    const message = `owns ${attributes} attributes, and a read of DynamoDB can name ${maxAttributes}; gather some of them in one field that is an object`
    found.push(['map', message])
  }
  for (const [field, mapping] of mapped) {
    if (!(field in targetFields)) {
      found.push([`map.${field}`, `is not a field of the target's contract`])
      continue
    }
    found.push(
      ...sourceProblems(segment, mapping).map((message): [string, string] => [`map.${field}`, message]),
    )
    found.push(
      ...piiProblems(segment, field, mapping).map((message): [string, string] => [`map.${field}`, message]),
    )
  }
  const unmapped = Object.keys(targetFields).filter(
    (field) => !(field in segment.map) && targetFields[field]?.isOptional() === false,
  )
  found.push(
    ...unmapped.map((field): [string, string] => [
      `map.${field}`,
      `is missing, and the target's contract requires it`,
    ]),
  )
  return found.map(([field, message]) => ({ segment: segment.name, field, message }))
}

function sourceProblems({ source }: Segment, mapping: UntypedFieldMapping): string[] {
  const from = typeof mapping === 'object' ? mapping.from : mapping
  const fields = fieldsOf(source.record)
  if (typeof from !== 'string' || fields === undefined || isOpen(source.record) || from in fields) return []
  return [`the source's contract has no field ${from}; it has ${Object.keys(fields).join(', ')}`]
}

function piiProblems({ target }: Segment, field: string, mapping: UntypedFieldMapping): string[] {
  if (typeof mapping !== 'object') return []
  const schema = fieldsOf(target.record)?.[field]
  if (mapping.pii === 'hash' && !['string', 'unknown'].includes(kindOf(schema))) {
    return [`a hash is a text, and the target's contract has another type; use pii: 'mask' or 'drop'`]
  }
  if (mapping.pii === 'drop' && !target.key.includes(field) && schema?.isOptional() === false) {
    return [`is dropped, and the target's contract requires it; make the field optional`]
  }
  return []
}
