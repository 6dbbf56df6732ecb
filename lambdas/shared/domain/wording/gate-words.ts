import type { Decision, GateStatus, Verdict } from '../../contract/stages.ts'
import type { Evidence } from '../evidence.ts'
import { plural } from './figures.ts'

type Judged = { readonly segment: string; readonly stage: string; readonly verdict: Verdict }

const again =
  'The next run takes up failed batches, compares again those in which records were missing or different, and asks anew.'

/** Nothing is loaded before all is rehearsed, whoever depends on whom. */
function whatGoesOn(stage: string): string {
  if (stage === 'rehearse')
    return 'Other rehearsals go on, and nothing of the migration is loaded before this one has passed.'
  return 'Segments that do not depend on it go on, and the run ends when they are done.'
}

/** What each decision does, for the page and the mails alike. */
export function consequences({ segment, stage, verdict }: Judged): Record<Decision, string> {
  return {
    approve: `You agree that stage ${stage} of ${segment} passes. Once everybody who is needed has agreed, the run goes on to what comes next.`,
    repair: `Stage ${stage} of ${segment} has not passed, and ${segment} goes no further in this run. What was loaded stays. ${again}`,
    rollback: `The rollout of ${segment} ends: it goes no further, neither in this run nor in a later one under this definition. This version takes nothing back by itself: what was loaded stays until operators restore it, and the undo log is complete and holds what was there before.`,
    hold: `Nothing is decided, and ${segment} goes no further in this run. ${whatGoesOn(stage)} ${
      verdict === 'pass' ? 'When the migration is started again, it comes back to this gate.' : again
    }`,
    override: `Stage ${stage} of ${segment} passes on your word alone${
      verdict === 'pass' ? '' : `, although its verdict is ${verdict}`
    }. The run goes on to what comes next. The decision log keeps it as an override, with your reason.`,
    withdraw: 'Your approval no longer counts, and the gate stays open. The next mail brings you a new link.',
  }
}

export const decisionTitles: Readonly<Record<Decision, string>> = {
  approve: 'Approve',
  repair: 'Send back for repair',
  rollback: 'Roll back',
  hold: 'Hold',
  override: 'Override',
  withdraw: 'Withdraw my approval',
}

/** What somebody did, after their name. */
export const decidedWords: Readonly<Record<Decision, string>> = {
  approve: 'approved',
  repair: 'sent it back for repair',
  rollback: 'decided to roll back',
  hold: 'held',
  override: 'overrode the gate',
  withdraw: 'withdrew the approval',
}

/** What a gate is, or came to. */
export const statusWords: Readonly<Record<GateStatus, string>> = {
  open: 'open',
  approved: 'approved',
  overridden: 'overridden',
  repair: 'sent back for repair',
  rollback: 'to be rolled back',
  held: 'held',
}

export const verdictWords: Readonly<Record<Verdict, string>> = {
  pass: 'Every criterion is met.',
  fail: 'At least one criterion is not met.',
  breach: 'At least one figure is beyond its breach limit.',
}

/** What follows from what a gate came to. */
export function outcomes(gate: Judged): Record<Exclude<GateStatus, 'open'>, string> {
  const { segment, stage } = gate
  const { repair, rollback, hold } = consequences(gate)
  const goesOn = `Stage ${stage} of ${segment} has passed, and the run goes on to what comes next.`
  return {
    approved: goesOn,
    overridden: `${goesOn} The decision log keeps this as an override.`,
    ...{ repair, rollback, held: hold },
  }
}

/** What happened, in one or two plain sentences. */
export function whatHappened({ summary }: Evidence): string {
  const { ledger, batches, segment } = summary
  const done = `${plural(summary.records, 'record')} of ${segment} in ${plural(batches.total, 'batch', 'batches')}`
  if (ledger.loaded + ledger.unchanged + ledger.conflicted === 0) {
    return `${done} went through stage ${summary.stage}. Nothing was written to the target.`
  }
  const now = ledger.loaded + ledger.unchanged
  return `${done} went through stage ${summary.stage}. ${plural(now, 'record')} ${now === 1 ? 'is' : 'are'} in the target as mapped.`
}
