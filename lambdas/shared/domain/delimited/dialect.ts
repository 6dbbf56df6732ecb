import type { SourceSpec } from '../definition/source.ts'
import { delimitedMachine, lineMachine, type RecordMachine } from '../slicing/record-machine.ts'

/** What is wrong with a source's definition. */
export interface SourceFault {
  /** Field of the definition. */
  readonly field: string
  /** What to do, in one sentence. */
  readonly detail: string
}

/** Checks what the types cannot: nothing when the source can be read. */
export function sourceFaults(spec: SourceSpec): SourceFault[] {
  if (spec.kind === 's3-ndjson') return []
  const { delimiter, quote, nullToken, header } = spec
  const faults: SourceFault[] = []
  const add = (field: string, detail: string) => faults.push({ field, detail })
  if (!isAsciiByte(delimiter)) add('delimiter', 'give one ASCII character that is not a line end')
  if (!isAsciiByte(quote)) {
    add('quote', 'give one ASCII character; for text without quoting one that cannot occur, such as \\u0001')
  }
  if (delimiter === quote) add('quote', 'give a character other than the delimiter')
  if (nullToken !== undefined && [delimiter, '\r', '\n'].some((part) => nullToken.includes(part))) {
    add('nullToken', 'give a text that an unquoted field can hold: without delimiter and line end')
  }
  if (nullToken?.startsWith(quote)) add('nullToken', 'give a text that does not begin with the quote')
  if (header !== true) {
    const why = namesFault(header)
    if (why) add('header', `give other names: ${why}`)
  }
  return faults
}

/** Why fields cannot go by these names. Says positions, not names: a file without header row has values there. */
export function namesFault(names: readonly string[]): string | undefined {
  if (names.length === 0) return 'there are none'
  const empty = names.indexOf('')
  if (empty !== -1) return `name ${empty + 1} is empty`
  const again = names.findIndex((name, index) => names.indexOf(name) < index)
  return again === -1
    ? undefined
    : `name ${again + 1} repeats name ${names.indexOf(names[again] as string) + 1}`
}

export function machineOf(spec: SourceSpec): RecordMachine {
  if (spec.kind === 's3-ndjson') return lineMachine()
  return delimitedMachine(spec.delimiter.charCodeAt(0), spec.quote.charCodeAt(0))
}

function isAsciiByte(text: string): boolean {
  return text.length === 1 && text.charCodeAt(0) < 0x80 && text !== '\r' && text !== '\n'
}
