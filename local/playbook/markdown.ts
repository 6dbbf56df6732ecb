import type { Span } from '../../lambdas/shared/domain/definition/span.ts'

/** Text of somebody else within a line or a cell: nothing of it is markup, and it stays on its line. */
export function escaped(text: string): string {
  return text
    .replaceAll(/[\s\p{Cc}]+/gu, ' ')
    .trim()
    .replaceAll(/[\\`*_[\]<>|~$]/g, (sign) => `\\${sign}`)
    .replaceAll('&', '&amp;')
}

/** Text within a label of a Mermaid diagram, where signs are written as the numbers of their characters. */
export function label(text: string): string {
  const plain = text.replaceAll(/[\s\p{Cc}]+/gu, ' ').trim()
  return plain.replaceAll(/[^\p{L}\p{N} .,:%/-]/gu, (sign) => `#${sign.codePointAt(0)};`)
}

/** Cells are Markdown already. */
export function table(titles: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`
  return [line(titles), line(titles.map(() => '---')), ...rows.map(line)].join('\n')
}

export const list = (items: readonly string[]): string => items.map((item) => `- ${item}`).join('\n')
export const checklist = (items: readonly string[]): string => items.map((item) => `- [ ] ${item}`).join('\n')

export const section = (title: string, ...parts: readonly string[]): string =>
  [`## ${title}`, ...parts.filter((part) => part !== '')].join('\n\n')

/** `1 day`, `3 days`. */
export const spanText = (span: Span): string => span.replace(/^1 (\w+)s$/, '1 $1')

/** `a`, `a and b`, `a, b and c`; or what is said where there is none. */
export function enumerated(items: readonly string[], none = 'none'): string {
  const last = items.at(-1)
  if (last === undefined) return none
  return items.length === 1 ? last : `${items.slice(0, -1).join(', ')} and ${last}`
}
