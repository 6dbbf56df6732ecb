export const reasonLength = { min: 3, max: 1000 } as const

/** Control characters, and those that turn the direction of writing: they could make a reason read otherwise. */
const invisible = /[\p{Cc}\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu

/** A reason as it is kept: plain text, with single line breaks. */
export function cleanReason(text: string): string {
  return text
    .toWellFormed()
    .replaceAll(/\r\n?/g, '\n')
    .replaceAll(invisible, (character) => (character === '\n' ? '\n' : ''))
    .trim()
}

/** What is wrong with a clean reason, in words for the person who wrote it. Counted in characters as people see code points. */
export function reasonProblem(reason: string): string | undefined {
  const length = [...reason].length
  if (length < reasonLength.min) return `Please give a reason of at least ${reasonLength.min} characters.`
  if (length > reasonLength.max) {
    return `The reason has ${length} characters; at most ${reasonLength.max} are kept. Please shorten it.`
  }
  return undefined
}
