import { isUtf8 } from 'node:buffer'
import { machineOf } from '../delimited/dialect.ts'
import { fieldsReader, type FieldsOrProblem } from '../delimited/read-fields.ts'
import type { SourceSpec } from '../definition/source.ts'
import type { Slice } from '../manifest.ts'
import type { Problem, SourceRecord } from '../source-record.ts'
import { encodingFault, encodingOf, type Encoding } from './encoding.ts'
import { readJsonLine } from './json-line.ts'
import { recordLimits, type RecordLimits } from './limits.ts'
import { RecordFramer, type Frame } from './record-framer.ts'

interface Position {
  readonly ordinal: number
  readonly byte: number
  readonly line: number
}

/**
 * The records of a slice out of its bytes, which begin at `from`. Holds no more than one record and one chunk.
 * A record that is too long and the slice's last one is not read to its end, which may be the object's.
 */
export async function* readRecords(
  chunks: AsyncIterable<Uint8Array>,
  spec: SourceSpec,
  slice: Slice,
  from: Position,
  limits: RecordLimits = recordLimits,
): AsyncGenerator<SourceRecord, void, undefined> {
  const framer = new RecordFramer(machineOf(spec), limits, from)
  const toFields = contentReader(spec, slice.object.names ?? [], limits)
  let ordinal = from.ordinal
  const toRecord = (frame: Frame): SourceRecord => {
    const place = { object: slice.object.key, line: frame.line, byte: frame.byte }
    return { ordinal: ordinal++, place, ...toFields(frame) }
  }
  for await (const chunk of chunks) {
    for (const frame of framer.push(Buffer.from(chunk.buffer, chunk.byteOffset, chunk.length))) {
      yield toRecord(frame)
    }
    const overlong = ordinal === slice.records - 1 ? framer.overlong() : undefined
    if (overlong) {
      yield toRecord(overlong)
      return
    }
  }
  for (const frame of framer.finish()) yield toRecord(frame)
}

type Content = { readonly raw: string } & FieldsOrProblem

function contentReader(spec: SourceSpec, names: readonly string[], limits: RecordLimits) {
  const encoding = encodingOf(spec)
  const parse =
    spec.kind === 's3-ndjson'
      ? readJsonLine
      : fieldsReader(names, {
          delimiter: spec.delimiter,
          quote: spec.quote,
          ...(spec.nullToken === undefined ? {} : { nullToken: spec.nullToken }),
        })
  return ({ bytes, quoted, fault }: Frame): Content => {
    if (fault) {
      const raw = bytes.length < limits.rawBytes ? textOf(bytes, encoding) : beginning(bytes, encoding)
      return { raw, problem: faults(limits)[fault] }
    }
    const why = encodingFault(bytes, encoding)
    if (why !== undefined) {
      return { raw: textOf(bytes, encoding), problem: { reason: 'InvalidEncoding', detail: why } }
    }
    return content(bytes.toString(encoding), quoted, parse)
  }
}

function content(
  raw: string,
  quoted: boolean,
  parse: (text: string, isQuoted: boolean) => FieldsOrProblem,
): Content {
  const result = parse(raw, quoted)
  return 'fields' in result ? { raw, fields: result.fields } : { raw, problem: result.problem }
}

/** The beginning of a record may end within a character, which is left out. */
function beginning(bytes: Buffer, encoding: Encoding): string {
  if (encoding === 'latin1') return bytes.toString(encoding)
  try {
    return new TextDecoder(encoding, { fatal: true, ignoreBOM: true }).decode(bytes, { stream: true })
  } catch (error) {
    if (error instanceof TypeError) return bytes.toString('latin1')
    throw error
  }
}

/** Bytes that are not UTF-8 show as one Latin-1 character each, so that none is lost. */
function textOf(bytes: Buffer, encoding: Encoding): string {
  return bytes.toString(encoding === 'utf-8' && isUtf8(bytes) ? 'utf8' : 'latin1')
}

function faults(limits: RecordLimits): Record<'too-long' | 'open', Problem> {
  return {
    'too-long': {
      reason: 'RecordTooLong',
      detail: `the record is longer than ${limits.recordBytes} bytes; a quote that is never closed makes such records`,
    },
    open: {
      reason: 'UnterminatedQuote',
      detail:
        'a quoted field is still open where the object ends; all that follows its quote is in this record',
    },
  }
}
