export interface Dialect {
  readonly delimiter: string
  readonly quote: string
  readonly nullToken?: string
}

export interface SplitRecord {
  readonly values: (string | null)[]
  /** Whether something else than a delimiter follows a closing quote. The text is then taken as it is. */
  readonly isStray: boolean
}

/** Splits a record that holds no quote. */
export function splitPlain(text: string, { delimiter, nullToken }: Dialect): (string | null)[] {
  const values: (string | null)[] = text.split(delimiter)
  if (nullToken === undefined) return values
  for (let index = 0; index < values.length; index++) {
    if (values[index] === nullToken) values[index] = null
  }
  return values
}

/** Splits a record, without its line end, whose quotes are all closed. */
export function splitQuoted(text: string, { delimiter, quote, nullToken }: Dialect): SplitRecord {
  const values: (string | null)[] = []
  let isStray = false
  let at = 0
  for (;;) {
    if (text[at] === quote) {
      const close = closingQuote(text, quote, at + 1)
      const inner = text.slice(at + 1, close)
      const value = inner.includes(quote) ? inner.replaceAll(quote + quote, quote) : inner
      at = close + 1
      if (at >= text.length || text[at] === delimiter) values.push(value)
      else {
        isStray = true
        const end = delimiterOrEnd(text, delimiter, at)
        values.push(value + text.slice(at, end))
        at = end
      }
    } else {
      const end = delimiterOrEnd(text, delimiter, at)
      const plain = text.slice(at, end)
      values.push(plain === nullToken ? null : plain)
      at = end
    }
    if (at >= text.length) return { values, isStray }
    at += 1
  }
}

function delimiterOrEnd(text: string, delimiter: string, from: number): number {
  const at = text.indexOf(delimiter, from)
  return at === -1 ? text.length : at
}

/** Where the field's quote closes: the first one that is not doubled, or the end. */
function closingQuote(text: string, quote: string, from: number): number {
  let at = text.indexOf(quote, from)
  while (at !== -1 && text[at + 1] === quote) at = text.indexOf(quote, at + 2)
  return at === -1 ? text.length : at
}
