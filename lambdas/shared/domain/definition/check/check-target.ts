import type { Segment } from '../segment.ts'
import { fieldsOf, kindOf } from './contract-shape.ts'
import type { Finding } from './definition-problem.ts'

/** The key and the scope against the target's contract. */
export function checkTarget({ name, target, map }: Segment): Finding[] {
  const fields = fieldsOf(target.record) ?? {}
  const key = target.key.filter((attribute) => attribute !== undefined)
  const found: [field: string, message: string][] = []
  if (key[0] === key[1]) found.push(['target.key', `names ${key[0]} twice`])
  for (const attribute of key) {
    const schema = fields[attribute]
    if (schema === undefined) {
      found.push(['target.key', `${attribute} is not a field of the target's contract`])
    } else if (schema.isOptional() || schema.isNullable()) {
      found.push([
        'target.key',
        `${attribute} may be absent or null in the target's contract; a key attribute may not`,
      ])
    } else if (!['string', 'number'].includes(kindOf(schema))) {
      found.push(['target.key', `${attribute} is neither a string nor a number in the target's contract`])
    }
    const mapped = map[attribute]
    if (typeof mapped === 'object' && mapped.pii === 'drop') {
      found.push([`map.${attribute}`, `is a key attribute and cannot be dropped; use pii: 'hash'`])
    }
  }
  if (target.scope !== undefined) found.push(...scopeProblems(target.scope.attribute, key, fields))
  return found.map(([field, message]) => ({ segment: name, field, message }))
}

function scopeProblems(attribute: string, key: readonly string[], fields: object): [string, string][] {
  if (!key.includes(attribute)) {
    return [['target.scope', `${attribute} is not a key attribute; the key is ${key.join(', ')}`]]
  }
  const kind = kindOf(Object.entries(fields).find(([name]) => name === attribute)?.[1])
  return kind === 'number' ? [['target.scope', `${attribute} is a number, and a prefix is a text`]] : []
}
