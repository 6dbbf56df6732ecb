import type { Anomaly } from '../evidence.ts'
import type { StageProfile } from '../profile/stage-profile.ts'
import { bytesText } from '../wording/figures.ts'
import { counted, percent, rounded, type Seen } from './words.ts'

/**
 * There is one figure to compare with, so nothing says how much a source varies: a quarter more or less is beyond what
 * an export usually grows by between two rehearsals.
 */
const leastChange = 0.25
/** Below that, a few records make a large share. */
const leastRecords = 100

/** Many more or fewer records than were seen, or records of another size. */
export function volumeAnomalies(before: StageProfile, now: StageProfile, seen: Seen): Anomaly[] {
  if (Math.max(before.records, now.records) < leastRecords) return []
  const found: Anomaly[] = []
  if (isOff(before.records, now.records)) {
    const sentence =
      `The source has ${counted(now.records)} records, ${change(before.records, now.records, 'fewer')} than the ` +
      `${counted(before.records)} that ${seen} saw.`
    found.push({
      ...{ kind: 'volume', subject: 'records', sentence },
      figures: { before: before.records, now: now.records },
    })
  }
  const [was, is] = [before.bytes / before.records, now.bytes / now.records]
  if (before.records > 0 && now.records > 0 && isOff(was, is)) {
    const sentence = `A record has ${bytesText(is)} on average, ${change(was, is, 'less')} than the ${bytesText(was)} that ${seen} saw.`
    found.push({
      ...{ kind: 'volume', subject: 'bytes per record', sentence },
      figures: { before: rounded(was), now: rounded(is) },
    })
  }
  return found
}

const isOff = (was: number, is: number) => Math.abs(is - was) > leastChange * Math.max(was, 1)

function change(was: number, is: number, below: string): string {
  if (was === 0) return 'more'
  return `${percent(Math.round((Math.abs(is - was) / was) * 100) / 100)} ${is > was ? 'more' : below}`
}
