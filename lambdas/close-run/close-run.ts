import type { RunOutcome } from '../shared/contract/stages.ts'
import type { CloseRunInput, RunResult } from '../shared/contract/payloads.ts'
import { findMigration } from '../shared/domain/definition/find.ts'
import type { Migration } from '../shared/domain/definition/migration.ts'
import type { StageRecord } from '../shared/domain/stage-record.ts'
import { archiveKeys } from '../shared/domain/object-keys.ts'
import { writeJson } from '../shared/ports/json-objects.ts'
import type { Notifier } from '../shared/ports/notifier.ts'
import type { ObjectStore } from '../shared/ports/object-store.ts'
import type { RunStore } from '../shared/ports/run-store.ts'

interface CloseRunPorts {
  readonly migrations: readonly Migration[]
  readonly runs: RunStore
  readonly archive: ObjectStore
  readonly notifier: Notifier
}

/** Says how the run ended, keeps that as a report, and frees the lock. */
export async function closeRun({ run, warnings }: CloseRunInput, ports: CloseRunPorts): Promise<RunResult> {
  const { segments } = findMigration(ports.migrations, run.migration)
  const records = await ports.runs.stages(run.migration)
  const stages = segments.flatMap((segment) =>
    segment.stages.map(({ id }) => {
      const record = records.find(
        (one) => one.segment === segment.name && one.stage === id && one.fingerprint === run.fingerprint,
      )
      return {
        segment: segment.name,
        stage: id,
        status: record?.status ?? 'not reached',
        ...(record?.verdict && { verdict: record.verdict }),
        ...(record?.window && { waited: waitedBefore(record, record.window) }),
      }
    }),
  )
  const result: RunResult = {
    migration: run.migration,
    run: run.id,
    outcome: outcomeOf(stages.map(({ status }) => status)),
    stages,
  }
  await writeJson(ports.archive, archiveKeys.report(run.migration, run.id), {
    ...result,
    startedBy: run.startedBy,
    warnings,
  })
  await ports.notifier.toOperators(closingMail(result, warnings))
  await ports.runs.releaseLock(run.migration, run.lockToken)
  return result
}

/** A run that stopped where it was asked to stop is complete as well: nothing of it waits for anybody. */
function outcomeOf(statuses: readonly string[]): RunOutcome {
  for (const outcome of ['rollback', 'repair'] as const) if (statuses.includes(outcome)) return outcome
  return statuses.some((status) => status === 'held' || status === 'judged') ? 'held' : 'complete'
}

function waitedBefore({ startedAt }: StageRecord, { calendar, since }: NonNullable<StageRecord['window']>) {
  return { calendar, since, until: startedAt }
}

const sentences: Record<RunOutcome, string> = {
  complete: 'Every stage that the run was asked for, and could come to, has passed.',
  held:
    'A gate put the run on hold. Start the migration again: a stage whose verdict is pass comes back to its gate, ' +
    'any other is measured again first.',
  repair:
    'A gate sent a stage back for repair. What was loaded stays. Mend the cause, and start the migration again: failed ' +
    'batches are taken up, those with missing or different records are compared again (not loaded again), and the ' +
    'gate asks anew.',
  rollback:
    'A gate decided to roll a segment back. It goes no further, and nothing more of it is loaded under this ' +
    'definition. This version takes nothing back by itself: what was loaded stays, and the undo log holds what ' +
    'was there before. See docs/runbook.md, section "Run rollback".',
}

function closingMail({ migration, run, outcome, stages }: RunResult, warnings: readonly string[]) {
  const lines = stages.map(
    ({ segment, stage, status, waited }) =>
      `  ${segment} / ${stage}: ${status}` +
      (waited ? ` (waited for calendar ${waited.calendar}, ${waited.since} to ${waited.until})` : ''),
  )
  const warned = warnings.map((warning) => `\nWarning: ${warning}\n`)
  return {
    subject: `Lockgate ${migration}: run ${outcome}`.slice(0, 99),
    text:
      `Run ${run} of ${migration} has ended: ${outcome}.\n\n${sentences[outcome]}\n\n${lines.join('\n')}\n` +
      warned.join(''),
  }
}
