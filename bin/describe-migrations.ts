import { z } from 'zod'
import { LockgateError } from '../lambdas/shared/contract/errors.ts'
import type { Migration } from '../lambdas/shared/domain/definition/migration.ts'
import type { Segment } from '../lambdas/shared/domain/definition/segment.ts'
import type { KeyAttribute, MigrationDescription, SegmentDescription } from '../lib/migration-description.ts'

/** What the stacks have to know of each migration. @throws InvalidDefinition when a key has no type of DynamoDB. */
export function describeMigrations(migrations: readonly Migration[]): MigrationDescription[] {
  return migrations.map(({ name, segments, gate, calendar }) => ({
    name,
    file: `migrations/${name}/migration.ts`,
    gate,
    ...(calendar && { calendar: calendar.at }),
    segments: segments.map((segment) => describeSegment(name, segment)),
  }))
}

function describeSegment(migration: string, segment: Segment): SegmentDescription {
  const [partition, sort] = segment.target.key
  const attribute = (name: string) => keyAttribute(`${migration}.${segment.name}`, segment, name)
  return {
    name: segment.name,
    source: { at: segment.source.at, prefix: segment.source.prefix },
    target: {
      at: segment.target.at,
      key: sort === undefined ? [attribute(partition)] : [attribute(partition), attribute(sort)],
    },
    hashesPii: Object.values(segment.map).some((field) => typeof field === 'object' && field.pii === 'hash'),
  }
}

const attributeTypes: Readonly<Record<string, KeyAttribute['type']>> = {
  string: 'S',
  number: 'N',
  integer: 'N',
}

function keyAttribute(where: string, { target }: Segment, name: string): KeyAttribute {
  const field: unknown = target.record.shape[name]
  // A key has one type, so whatever JSON Schema cannot say of it (bytes) is no text and no number.
  const schema =
    field instanceof z.ZodType ? z.toJSONSchema(field, { unrepresentable: 'any', io: 'output' }) : undefined
  const type = attributeTypes[String(schema?.type)]
  if (type !== undefined) return { name, type }
  throw new LockgateError(
    'InvalidDefinition',
    `${where}: key attribute "${name}" of target ${target.at} must be a string or a number in its record contract`,
  )
}
