import { stageKey, type StageRecord } from '../stage-record.ts'
import type { SignedEntry } from './entry.ts'
import type { Finding } from './finding.ts'
import { isClosing, loggedEvents, nameOf, type GateEvent } from './gate-events.ts'

/** Whether a stage's item is of the stage whose place it has, and the log has what let that stage pass. */
export function verifyStage(key: string, record: StageRecord, entries: readonly SignedEntry[]): Finding[] {
  const { segment, stage, gate } = record
  const at = `${segment} / ${stage}`
  const findings: Finding[] = []
  if (key !== stageKey(record)) {
    const message = `the item ${key} is the record of stage ${stage} of ${segment}, put in its place`
    findings.push({ kind: 'moved', side: 'gate', at: key, message })
  }
  const events = gate === undefined ? [] : loggedEvents(gate, entries)
  if (gate !== undefined && events.length === 0) {
    // A stage names its gate only after what opened the gate is in the log.
    const message = `stage ${stage} of ${segment} is at gate ${gate}, of which the log has nothing`
    return [...findings, { kind: 'disagrees', side: 'gate', at, message }]
  }
  return [...findings, ...passFindings(record, events.findLast(isClosing))]
}

/** `closing`: what closed the stage's gate last. */
function passFindings(record: StageRecord, closing: GateEvent | undefined): Finding[] {
  const { segment, stage, status, fingerprint, gate = '(none)', evidence } = record
  if (status !== 'passed' && status !== 'overridden') return []
  const kind = status === 'passed' ? 'quorum-completed' : 'overridden'
  const { event } = closing ?? {}
  const isTold =
    event?.kind === kind &&
    event.segment === segment &&
    event.stage === stage &&
    event.fingerprint === fingerprint &&
    event.evidence === evidence
  if (isTold) return []
  const last = closing
    ? `: what closed that gate last is ${nameOf(closing)}, of stage ${event?.stage} of ${event?.segment}, definition ${event?.fingerprint}, evidence ${event?.evidence}`
    : ''
  const message = `stage ${stage} of ${segment} is ${status}, and the log has no ${kind} of its gate ${gate} on its evidence ${evidence ?? '(none)'} under definition ${fingerprint}${last}`
  return [{ kind: 'disagrees', side: 'gate', at: `${segment} / ${stage}`, message }]
}
