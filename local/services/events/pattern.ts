type Pattern = Readonly<Record<string, unknown>>

export class UnsupportedPattern extends Error {
  override readonly name = 'UnsupportedPattern'
}

/** Refuses by name what this matcher does not know of EventBridge's pattern language. */
export function checkPattern(pattern: Pattern, path = ''): void {
  for (const [name, wanted] of Object.entries(pattern)) {
    const at = path === '' ? name : `${path}.${name}`
    if (name.startsWith('$')) throw new UnsupportedPattern(`${at} is not supported`)
    if (isRecord(wanted)) checkPattern(wanted, at)
    else if (!Array.isArray(wanted) || wanted.length === 0)
      throw new UnsupportedPattern(`${at} must be a list`)
    else for (const one of wanted as unknown[]) checkMatcher(one, at)
  }
}

function checkMatcher(matcher: unknown, at: string): void {
  if (!isRecord(matcher)) return
  const [name = '', ...more] = Object.keys(matcher)
  const value = matcher[name]
  const isKnown =
    more.length === 0 &&
    ((name === 'prefix' && typeof value === 'string') ||
      (name === 'exists' && typeof value === 'boolean') ||
      (name === 'anything-but' && isAnythingBut(value)))
  if (!isKnown) throw new UnsupportedPattern(`${at}: ${JSON.stringify(matcher)} is not supported`)
}

function isAnythingBut(value: unknown): boolean {
  if (!isRecord(value)) return true
  return Object.keys(value).join() === 'prefix' && typeof value['prefix'] === 'string'
}

/** Whether an event has all that the pattern asks for. Lists in the event match if one of their elements does. */
export function matchesPattern(pattern: Pattern, event: unknown): boolean {
  return Object.entries(pattern).every(([name, wanted]) => {
    const value = isRecord(event) ? event[name] : undefined
    if (isRecord(wanted)) return matchesPattern(wanted, value)
    const values: readonly unknown[] = Array.isArray(value) ? value : [value]
    return (wanted as unknown[]).some((matcher) => values.some((one) => matchesOne(matcher, one)))
  })
}

function matchesOne(matcher: unknown, value: unknown): boolean {
  if (!isRecord(matcher)) return value !== undefined && matcher === value
  if ('exists' in matcher) return (value !== undefined && !isRecord(value)) === matcher['exists']
  if (value === undefined) return false
  if ('prefix' in matcher) return startsWith(value, matcher['prefix'])
  const excluded = matcher['anything-but']
  if (isRecord(excluded)) return !startsWith(value, excluded['prefix'])
  return !(Array.isArray(excluded) ? excluded : [excluded]).includes(value)
}

const startsWith = (value: unknown, prefix: unknown): boolean =>
  typeof value === 'string' && typeof prefix === 'string' && value.startsWith(prefix)

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
