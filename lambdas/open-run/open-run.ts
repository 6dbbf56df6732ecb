import { LockgateError } from '../shared/contract/errors.ts'
import { runInput, type OpenRunResult, type RunInput } from '../shared/contract/payloads.ts'
import { findMigration } from '../shared/domain/definition/find.ts'
import type { Migration } from '../shared/domain/definition/migration.ts'
import { archiveKeys } from '../shared/domain/object-keys.ts'
import { waves } from '../shared/domain/waves.ts'
import type { FunctionLimits } from '../shared/ports/function-limits.ts'
import type { Calendars } from '../shared/ports/calendar.ts'
import type { Executions } from '../shared/ports/executions.ts'
import type { Notifier } from '../shared/ports/notifier.ts'
import type { ObjectStore } from '../shared/ports/object-store.ts'
import type { RunStore } from '../shared/ports/run-store.ts'
import { concurrencyWarnings } from './concurrency-warnings.ts'
import { requireApprovers } from './require-approvers.ts'
import { requirePlaces, type Places } from './require-places.ts'
import { takeLock } from './take-lock.ts'
import { unreachableWarnings } from './unreachable-warnings.ts'

export interface OpenRunPorts extends Places {
  readonly migrations: readonly Migration[]
  readonly fingerprint: (migration: string) => string
  readonly approvers: Readonly<Record<string, readonly string[]>>
  readonly concurrency: number
  /** Names of the functions that work on batches. */
  readonly batchFunctions: readonly string[]
  readonly limits: FunctionLimits
  readonly runs: RunStore
  readonly executions: Executions
  readonly notifier: Notifier
  readonly calendars: Calendars
  readonly archive: ObjectStore
  /** The bundle of the migration, as it is deployed. */
  readonly artifact: (migration: string) => Promise<Uint8Array>
}

interface Opening {
  readonly input?: unknown
  readonly execution: { readonly arn: string; readonly name: string; readonly startedAt: string }
}

/**
 * Validates the input, checks that the gate can be answered and that the places and the calendar of the migration are
 * there, takes the lock last of all, and lays out the run.
 */
export async function openRun({ input, execution }: Opening, ports: OpenRunPorts): Promise<OpenRunResult> {
  const { migration: name, startedBy, until, concurrency = ports.concurrency } = parseInput(input)
  const migration = findMigration(ports.migrations, name)
  const laidOut = waves(migration, until)
  await requireApprovers(migration, ports.approvers, ports.notifier)
  // Whatever it says: one that is not there is missed now, and not after the first stage.
  if (migration.calendar) await ports.calendars.state(migration.calendar.at)

  const fingerprint = ports.fingerprint(name)
  await requirePlaces(
    migration,
    laidOut.flat(),
    { fingerprint, records: await ports.runs.stages(name) },
    ports,
  )
  const warnings = [
    ...unreachableWarnings(migration, laidOut.flat()),
    ...(await concurrencyWarnings(concurrency, laidOut, ports.batchFunctions, ports.limits)),
  ]
  await ports.archive.create(archiveKeys.artifact(name, fingerprint), await ports.artifact(name))
  const lock = await takeLock(name, execution.arn, ports)

  const run = {
    migration: name,
    id: execution.name,
    executionArn: execution.arn,
    startedBy,
    startedAt: execution.startedAt,
    fingerprint,
    lockToken: lock.token,
    concurrency,
  }
  return { run, waves: laidOut.map((nodes) => ({ nodes })), warnings }
}

function parseInput(input: unknown): RunInput {
  const parsed = runInput.safeParse(input)
  if (parsed.success) return parsed.data
  const problems = parsed.error.issues.map(({ path, message }) => `${path.join('.') || 'input'}: ${message}`)
  const example = '{ "migration": "cities", "startedBy": "you@example.com" }'
  throw new LockgateError(
    'InvalidInput',
    `${problems.join('; ')}. Start the execution with input such as ${example}`,
  )
}
