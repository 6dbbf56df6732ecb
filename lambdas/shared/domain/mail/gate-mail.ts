import type { LogHead } from '../decision-log/entry.ts'
import type { Evidence } from '../evidence.ts'
import type { Approver } from '../gate-rules/approvers.ts'
import { choicesOf, refusalOf } from '../gate-rules/choices.ts'
import { quorumOf } from '../gate-rules/quorum.ts'
import type { Gate } from '../gate.ts'
import { total } from '../ledger.ts'
import {
  countText,
  durationText,
  figureText,
  figureTitle,
  limitText,
  momentText,
  plural,
} from '../wording/figures.ts'
import { consequences, decisionTitles, verdictWords, whatHappened } from '../wording/gate-words.ts'
import { approvingText, filledText, missingText, policyLines } from '../wording/quorum-words.ts'
import { mailSubject } from './subject.ts'

export interface GateMail {
  readonly gate: Gate
  readonly evidence: Evidence
  readonly approver: Approver
  readonly link: string
  /** Whether it says again what an earlier mail has said, in this opening and about this evidence. */
  readonly isReminder: boolean
  /** Of the migration's decision log, so that a tail that is cut off later is noticed by whoever keeps the mail. */
  readonly head?: LogHead
}

/** The mail to one approver: counts and verdicts only, no record and no example. */
export function gateMail({ gate, evidence, approver, link, isReminder, head }: GateMail) {
  const { migration, segment, stage, verdict } = gate
  const what = isReminder ? 'reminder, still to decide' : 'to decide'
  const lines = [
    `${isReminder ? 'Reminder: a' : 'A'} stage waits for your decision as ${approver.role}.`,
    '',
    `Migration  ${migration}`,
    `Segment    ${segment}`,
    `Stage      ${stage}`,
    `Verdict    ${verdict.toUpperCase()}. ${verdictWords[verdict]}`,
    '',
    whatHappened(evidence),
    `It took ${durationText(evidence.seconds)}, ${countText(evidence.recordsPerSecond)} records a second.`,
    '',
    'CRITERIA',
    ...criteriaLines(evidence),
    '',
    'LEDGER',
    ...ledgerLines(evidence),
    '',
    'Look at the evidence and decide here. The link is yours alone; opening it changes nothing:',
    '',
    link,
    '',
    'WHAT EACH DECISION DOES',
    ...choiceLines(gate, approver),
    '',
    'APPROVALS',
    ...approvalLines(gate),
    '',
    `Undecided, the gate expires on ${momentText(gate.expiresAt)} and comes to: ${decisionTitles[gate.policy.onExpiry]}.`,
    `Evidence (SHA-256): ${gate.evidence}`,
    `Run: ${gate.run}, started by ${gate.startedBy} (as claimed)`,
    ...(head
      ? [`Decision log: ${plural(head.length, 'entry', 'entries')}, head ${head.length}:${head.hash}`]
      : []),
  ]
  return {
    subject: mailSubject(`Lockgate [${verdict}] ${what}: ${migration} / ${segment} / ${stage}`),
    text: lines.join('\n'),
  }
}

function criteriaLines({ criteria }: Evidence): string[] {
  return criteria.map((line) => {
    const actual = figureText(line.figure, line.actual)
    return `  ${line.verdict.toUpperCase().padEnd(6)}  ${figureTitle(line.figure)}: ${actual} (limit: ${limitText(line)})`
  })
}

function ledgerLines({ summary: { ledger } }: Evidence): string[] {
  const counts: [string, number][] = [
    ['extracted', ledger.extracted],
    ['= mapped', ledger.mapped],
    ['+ filtered', total(ledger.filtered)],
    ['+ quarantined', total(ledger.quarantined)],
    ['mapped = loaded', ledger.loaded],
    ['+ unchanged', ledger.unchanged],
    ['+ conflicted', ledger.conflicted],
  ]
  const written = ledger.loaded + ledger.unchanged + ledger.conflicted > 0
  return (written ? counts : counts.slice(0, 4)).map(
    ([name, count]) => `  ${name.padEnd(16)} ${countText(count).padStart(15)}`,
  )
}

function approvalLines(gate: Gate): string[] {
  const quorum = quorumOf(gate)
  const given = quorum.approvals.map(
    ({ address, role, at }) => `${address}, as ${role}, on ${momentText(at)}`,
  )
  const lines = [`${filledText(quorum)} ${missingText(quorum)}`, ...given, ...policyLines(gate)]
  return lines.map((line) => `- ${line}`)
}

function choiceLines(gate: Gate, approver: Approver): string[] {
  const does = { ...consequences(gate), approve: approvingText(gate, approver) }
  const why = refusalOf(gate, 'approve', approver)?.[1]
  return [
    ...(why === undefined ? [] : [`- ${decisionTitles.approve}: Not possible: ${why}.`]),
    ...choicesOf(gate, { ...approver, hash: '' }).map(
      (decision) => `- ${decisionTitles[decision]}: ${does[decision]}`,
    ),
  ]
}
