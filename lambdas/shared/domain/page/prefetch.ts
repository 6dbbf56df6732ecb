/** Headers by which browsers say that they look ahead of their user. The last three are those of older ones. */
const names = ['sec-purpose', 'purpose', 'x-purpose', 'x-moz'] as const

/** Whether nobody has asked for this yet. @param headers names in lower case */
export function isPrefetch(headers: Readonly<Record<string, string | undefined>>): boolean {
  return names.some((name) => /\b(?:prefetch|prerender|preview)\b/i.test(headers[name] ?? ''))
}
