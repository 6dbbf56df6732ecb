import type { Anomaly } from '../evidence.ts'
import { counted, limited, named, type Seen } from './words.ts'

/** Reasons for quarantine that were not seen before. */
export function reasonAnomalies(
  before: Readonly<Record<string, number>>,
  now: Readonly<Record<string, number>>,
  seen: Seen,
): Anomaly[] {
  const found = Object.entries(now)
    .filter(([reason, records]) => records > 0 && (before[reason] ?? 0) === 0)
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([reason, records]): Anomaly => {
      const many = `${counted(records)} ${records === 1 ? 'record is' : 'records are'}`
      const sentence = `${many} in quarantine for ${named(reason)}, a reason that ${seen} did not see.`
      return { kind: 'new-reason', subject: reason, sentence, figures: { records } }
    })
  return limited(found, 'reasons')
}
