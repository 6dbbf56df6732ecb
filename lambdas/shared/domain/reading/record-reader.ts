import { isUtf8 } from 'node:buffer'
import { machineOf } from '../delimited/dialect.ts'
import { fieldsReader, type FieldsOrProblem } from '../delimited/read-fields.ts'
import type { SourceSpec } from '../definition/source.ts'
import type { Slice } from '../manifest.ts'
import type { Problem, SourceRecord } from '../source-record.ts'
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
  const isLatin1 = spec.kind === 's3-delimited' && spec.encoding === 'latin1'
  const parse =
    spec.kind === 's3-ndjson'
      ? readJsonLine
      : fieldsReader(names, {
          delimiter: spec.delimiter,
          quote: spec.quote,
          ...(spec.nullToken === undefined ? {} : { nullToken: spec.nullToken }),
        })
  return ({ bytes, quoted, fault }: Frame): Content => {
    if (fault) return { raw: head(bytes, isLatin1), problem: faults(limits)[fault] }
    if (isLatin1) return content(bytes.toString('latin1'), quoted, parse)
    if (isUtf8(bytes)) return content(bytes.toString('utf8'), quoted, parse)
    return { raw: bytes.toString('latin1'), problem: invalidEncoding }
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
function head(bytes: Buffer, isLatin1: boolean): string {
  if (isLatin1) return bytes.toString('latin1')
  for (let cut = 0; cut < 4; cut++) {
    const whole = bytes.subarray(0, bytes.length - cut)
    if (isUtf8(whole)) return whole.toString('utf8')
  }
  return bytes.toString('latin1')
}

const invalidEncoding: Problem = {
  reason: 'InvalidEncoding',
  detail: 'the record is not valid UTF-8; its raw text shows each byte as one Latin-1 character',
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
