import { sourceFaults } from '../../delimited/dialect.ts'
import type { Segment } from '../segment.ts'
import type { SourceSpec } from '../source.ts'
import type { Finding } from './definition-problem.ts'
import { neededNames } from './contract-shape.ts'

/** Whether the source can be read as its definition says, and gives what its contract needs. */
export function checkSource({ name, source }: Segment): Finding[] {
  const faults = sourceFaults(source).map(({ field, detail }): [string, string] => [field, detail])
  return [...faults, ...absentNames(source)].map(([field, message]) => ({
    segment: name,
    field: `source.${field}`,
    message,
  }))
}

function absentNames(source: SourceSpec): [field: string, message: string][] {
  if (source.kind !== 's3-delimited' || source.header === true) return []
  const { header, record } = source
  return (neededNames(record) ?? [])
    .filter((name) => !header.includes(name))
    .map((name) => ['header', `does not name ${name}, which the contract needs`])
}
