import { z } from 'zod'

/** The fields of a contract's output, where it is a `z.object`, or a pipe that ends in one. */
export function fieldsOf(contract: unknown): Readonly<Record<string, z.ZodType>> | undefined {
  if (contract instanceof z.ZodPipe) return fieldsOf(contract.out)
  if (!(contract instanceof z.ZodObject)) return undefined
  const fields: Record<string, z.ZodType> = {}
  for (const [name, schema] of Object.entries(contract.shape)) {
    if (schema instanceof z.ZodType) fields[name] = schema
  }
  return fields
}

/** Names that a record must have to fulfil a contract; nothing where code decides on the record first. */
export function neededNames(contract: unknown): string[] | undefined {
  if (contract instanceof z.ZodPipe) return neededNames(contract.in)
  const fields = fieldsOf(contract)
  return fields && Object.keys(fields).filter((name) => fields[name]?.isOptional() === false)
}

/** Whether a contract leaves further fields in, so that a name it does not list can still be one. */
export function isOpen(contract: unknown): boolean {
  if (contract instanceof z.ZodPipe) return isOpen(contract.out)
  return (
    !(contract instanceof z.ZodObject) ||
    (contract.def.catchall !== undefined && !isNever(contract.def.catchall))
  )
}

const isNever = (schema: unknown) => schema instanceof z.ZodNever

export type Kind = 'string' | 'number' | 'other' | 'unknown'

/** What a field holds, as far as the schema tells; `unknown` where code decides (transform, custom). */
export function kindOf(schema: unknown): Kind {
  if (schema instanceof z.ZodString || schema instanceof z.ZodStringFormat) return 'string'
  if (schema instanceof z.ZodTemplateLiteral) return 'string'
  if (schema instanceof z.ZodNumber || schema instanceof z.ZodBigInt) return 'number'
  if (schema instanceof z.ZodLiteral) return common([...schema.values].map(kindOfValue))
  if (schema instanceof z.ZodEnum) return common(schema.options.map(kindOfValue))
  if (schema instanceof z.ZodUnion) return common(schema.options.map(kindOf))
  if (schema instanceof z.ZodPipe) return kindOf(schema.in)
  if (isWrapped(schema)) return kindOf(schema.unwrap())
  return schema instanceof z.ZodCustom || schema instanceof z.ZodTransform ? 'unknown' : 'other'
}

const isWrapped = (schema: unknown) =>
  schema instanceof z.ZodOptional ||
  schema instanceof z.ZodNullable ||
  schema instanceof z.ZodDefault ||
  schema instanceof z.ZodReadonly

function kindOfValue(value: unknown): Kind {
  if (typeof value === 'string') return 'string'
  return typeof value === 'number' || typeof value === 'bigint' ? 'number' : 'other'
}

function common(kinds: readonly Kind[]): Kind {
  return kinds.every((kind) => kind === kinds[0]) ? (kinds[0] ?? 'other') : 'other'
}
