import type { AwaitWindowInput, AwaitWindowResult } from '../shared/contract/payloads.ts'
import { windowMail } from '../shared/domain/mail/window-mail.ts'
import type { StageRecord } from '../shared/domain/stage-record.ts'
import { looksPerExecution, secondsToWait } from '../shared/domain/window.ts'
import type { Calendars } from '../shared/ports/calendar.ts'
import type { Clock } from '../shared/ports/clock.ts'
import type { Notifier } from '../shared/ports/notifier.ts'
import type { RunStore } from '../shared/ports/run-store.ts'

export interface AwaitWindowPorts {
  readonly runs: RunStore
  readonly calendars: Calendars
  readonly notifier: Notifier
  readonly clock: Clock
}

/**
 * Looks whether the calendar has opened. While it has not, the stage's record says until when it waits, and the
 * operators are told once. @throws LockLost, so that nobody waits for weeks for a run that has been taken over;
 * CalendarMissing, CalendarUnsupported.
 */
export async function awaitWindow(
  input: AwaitWindowInput,
  ports: AwaitWindowPorts,
): Promise<AwaitWindowResult> {
  const { run, calendar } = input
  await ports.runs.requireLock(run.migration, run.lockToken)
  const { isOpen, changesAt } = await ports.calendars.state(calendar)
  const checks = input.checks + 1
  const waitSeconds = secondsToWait(ports.clock.now(), changesAt)
  if (isOpen) return { ...input, checks, isOpen, isOver: true, waitSeconds }

  const opensAt = changesAt === undefined ? {} : { opensAt: new Date(changesAt).toISOString() }
  await keep(input, opensAt.opensAt, ports)
  return { ...input, checks, isOpen, isOver: checks >= looksPerExecution, waitSeconds, ...opensAt }
}

async function keep(
  { run, segment, stage, calendar }: AwaitWindowInput,
  opensAt: string | undefined,
  { runs, notifier }: AwaitWindowPorts,
): Promise<void> {
  // What another attempt has begun since, this one does not take back.
  const waits = (record: StageRecord | undefined) =>
    record?.status === 'waiting' && record.run === run.id ? record.window : undefined
  const window = waits(await runs.stage(run.migration, segment, stage))
  if (window === undefined) return
  // Before it is written down: told twice is better than never.
  if (!window.isTold) await notifier.toOperators(windowMail({ run, segment, stage, calendar, opensAt }))
  const { since } = window
  const next = { calendar, since, ...(opensAt !== undefined && { until: opensAt }), isTold: true }
  await runs.updateStage({ migration: run.migration, segment, stage }, run.lockToken, (record) =>
    record !== undefined && waits(record) ? { ...record, window: next } : undefined,
  )
}
