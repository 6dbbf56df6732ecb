import { createHash } from 'node:crypto'

export const hashOf = (text: string): string => createHash('sha256').update(text).digest('hex')

/**
 * The name of a resource that the template leaves to CloudFormation. AWS appends random characters; here the
 * name must be the same at every synthesis, so only what had to be cut off is replaced, by a hash.
 */
export function physicalName(
  stack: string,
  logicalId: string,
  rules: { longest: number; lowerCase?: boolean },
): string {
  const full = `${stack}-${logicalId}`
  const cased = rules.lowerCase === true ? full.toLowerCase() : full
  if (cased.length <= rules.longest) return cased
  return `${cased.slice(0, rules.longest - 9)}-${hashOf(full).slice(0, 8)}`
}

/** KMS key ids, revision ids and subscription ids have the form of a UUID. */
export function uuidOf(text: string): string {
  const hash = hashOf(text)
  return [
    hash.slice(0, 8),
    hash.slice(8, 12),
    hash.slice(12, 16),
    hash.slice(16, 20),
    hash.slice(20, 32),
  ].join('-')
}

/** Ten lower-case letters and digits, as API Gateway forms them. */
export const shortIdOf = (text: string): string =>
  BigInt(`0x${hashOf(text)}`)
    .toString(36)
    .padStart(10, '0')
    .slice(0, 10)
