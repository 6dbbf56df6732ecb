import type { Decision, Verdict } from '../../contract/stages.ts'
import type { Evidence } from '../evidence.ts'
import { plural } from './figures.ts'

type Judged = { readonly segment: string; readonly stage: string; readonly verdict: Verdict }

const again =
  'The next run takes up failed batches, compares again those in which records were missing or different, and asks anew.'

/** What each decision does, for the page and the mails alike. */
export function consequences({ segment, stage, verdict }: Judged): Record<Decision, string> {
  return {
    approve: `Stage ${stage} of ${segment} has passed. The run goes on to what comes next.`,
    reject: `Stage ${stage} of ${segment} has not passed, and ${segment} goes no further in this run. What was loaded stays. ${again}`,
    hold: `The run ends without a decision. ${
      verdict === 'pass' ? 'When the migration is started again, it comes back to this gate.' : again
    }`,
  }
}

export const decisionTitles: Readonly<Record<Decision, string>> = {
  approve: 'Approve',
  reject: 'Reject',
  hold: 'Hold',
}

export const verdictWords: Readonly<Record<Verdict, string>> = {
  pass: 'Every criterion is met.',
  fail: 'At least one criterion is not met.',
  breach: 'At least one figure is beyond its breach limit.',
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
