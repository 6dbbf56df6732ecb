import type { Problem } from '../source-record.ts'
import { splitPlain, splitQuoted, type Dialect } from './split-fields.ts'

export type FieldsOrProblem = { readonly fields: Record<string, unknown> } | { readonly problem: Problem }

/** Makes the function that turns the text of a record into fields by name. */
export function fieldsReader(names: readonly string[], dialect: Dialect) {
  // Assigning to it would set the prototype, and lose the value.
  const isSafe = !names.includes('__proto__')
  return (text: string, isQuoted: boolean): FieldsOrProblem => {
    const { values, isStray } = isQuoted
      ? splitQuoted(text, dialect)
      : { values: splitPlain(text, dialect), isStray: false }
    if (isStray) return strayQuote(text)
    if (values.length !== names.length) return ragged(values.length, names.length)
    if (!isSafe) return { fields: Object.fromEntries(names.map((name, index) => [name, values[index]])) }
    const fields: Record<string, unknown> = {}
    for (let index = 0; index < names.length; index++) fields[names[index] as string] = values[index]
    return { fields }
  }
}

function strayQuote(text: string): FieldsOrProblem {
  const lines = text.split('\n').length
  const spans =
    lines === 1 ? '' : `. The record spans ${lines} lines: a quote above may lack its closing quote`
  const detail = `text follows a closing quote; a quote inside a quoted field must be doubled${spans}`
  return { problem: { reason: 'StrayQuote', detail } }
}

function ragged(found: number, expected: number): FieldsOrProblem {
  const count = `${found} ${found === 1 ? 'field' : 'fields'}`
  return {
    problem: { reason: 'RaggedRow', detail: `the record has ${count}, its object has ${expected} names` },
  }
}
