/** Control characters, ends of lines, and what turns the direction of writing. */
const unseen = /[\p{Cc}\p{Zl}\p{Zp}\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu

/** A finding is one line, also where it has a name that somebody chose to look like another. */
export const oneLine = (text: string): string =>
  text.replaceAll(unseen, (character) => `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`)
