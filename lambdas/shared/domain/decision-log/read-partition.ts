import { z } from 'zod'
import { evidenceKeys } from '../object-keys.ts'
import type { Finding } from './finding.ts'
import { placeKey } from './item-keys.ts'
import type { Mark } from './verify-marks.ts'

const place = z.int().positive()
const entryItem = z.strictObject({ pk: z.string(), sk: z.string(), sequence: place, text: z.string() })
const markItem = z.strictObject({ pk: z.string(), sk: z.string(), sequence: place, id: z.string() })

export interface Partition {
  /** Bytes of entries by place. */
  readonly entries: ReadonlyMap<number, Uint8Array>
  readonly marks: readonly Mark[]
  readonly findings: readonly Finding[]
}

/** The items of a chain's partition; whatever is not as the log writes it is a finding. */
export function readPartition(items: readonly Readonly<Record<string, unknown>>[]): Partition {
  const entries = new Map<number, Uint8Array>()
  const marks: Mark[] = []
  const findings: Finding[] = []
  for (const item of items) {
    const key = String(item['sk'])
    const entry = entryItem.safeParse(item).data
    const mark = markItem.safeParse(item).data
    if (entry && key === placeKey(entry.sequence)) entries.set(entry.sequence, Buffer.from(entry.text))
    else if (mark && key.startsWith('LOGGED#')) marks.push({ key, id: mark.id, sequence: mark.sequence })
    else findings.push(strange(key))
  }
  return { entries, marks, findings }
}

function strange(key: string): Finding {
  const entry = Number(/^ENTRY#(\d{12})$/.exec(key)?.[1] ?? Number.NaN)
  const message = `the item ${key} of the log table does not have the attributes that the log writes`
  if (Number.isNaN(entry)) return { kind: 'added', side: 'table', at: key, message }
  return { kind: 'altered', side: 'table', entry, at: key, message }
}

/** Place of a copy, from its key; `undefined` for what is no copy's name. */
export function placeOfCopy(chain: string, key: string): number | undefined {
  const digits = /\/(\d{12})\.json$/.exec(key)?.[1]
  const sequence = Number(digits)
  return digits !== undefined && sequence > 0 && evidenceKeys.logEntry(chain, sequence) === key
    ? sequence
    : undefined
}
