import type { Segment } from '../segment.ts'
import type { S3Delimited } from '../source.ts'
import type { Finding } from './definition-problem.ts'
import { fieldsOf } from './contract-shape.ts'

/** Characters and names of delimited text. */
export function checkSource({ name, source }: Segment): Finding[] {
  if (source.kind !== 's3-delimited') return []
  return delimitedProblems(source).map(([field, message]) => ({
    segment: name,
    field: `source.${field}`,
    message,
  }))
}

function delimitedProblems(source: S3Delimited): [field: string, message: string][] {
  const { delimiter, quote, header, nullToken } = source
  const found: [string, string][] = []
  if (delimiter === quote) found.push(['quote', 'is the same as the delimiter'])
  if (/[\r\n]/.test(delimiter)) found.push(['delimiter', 'ends a line'])
  if (/[\r\n]/.test(quote)) found.push(['quote', 'ends a line'])
  if (nullToken !== undefined && [delimiter, quote, '\r', '\n'].some((sign) => nullToken.includes(sign))) {
    found.push(['nullToken', 'holds a delimiter, a quote or a line end, so that no field can be it'])
  }
  if (header !== true) {
    const twice = header.filter((field, index) => header.indexOf(field) < index)
    found.push(...twice.map((field): [string, string] => ['header', `names ${field} twice`]))
    const absent = Object.entries(fieldsOf(source.record) ?? {}).filter(
      ([field, schema]) => !header.includes(field) && !schema.isOptional(),
    )
    found.push(
      ...absent.map(([field]): [string, string] => [
        'header',
        `does not name ${field}, which the contract needs`,
      ]),
    )
  }
  return found
}
