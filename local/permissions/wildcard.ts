/** Whether `value` matches a pattern in which `*` stands for any text and `?` for one character. */
export function matchesWildcard(pattern: string, value: string): boolean {
  // Greedy matching with one point to come back to: linear in practice, and no pattern can make it explode.
  let at = 0
  let star = -1
  let resume = 0
  let index = 0
  while (index < value.length) {
    if (pattern[at] === '*') {
      star = at
      at += 1
      resume = index
    } else if (at < pattern.length && (pattern[at] === '?' || pattern[at] === value[index])) {
      at += 1
      index += 1
    } else if (star >= 0) {
      resume += 1
      index = resume
      at = star + 1
    } else {
      return false
    }
  }
  while (pattern[at] === '*') at += 1
  return at === pattern.length
}

/** ARNs are compared field by field, so that a `*` in one field does not swallow the next. */
export function matchesArn(pattern: string, value: string): boolean {
  const patterns = arnFields(pattern)
  const values = arnFields(value)
  if (patterns.length !== values.length) return false
  return patterns.every((field, index) => matchesWildcard(field, values[index] ?? ''))
}

/** The resource, the sixth field, keeps its colons. */
function arnFields(arn: string): string[] {
  const fields = arn.split(':')
  return fields.length <= 6 ? fields : [...fields.slice(0, 5), fields.slice(5).join(':')]
}
