import { isDeepStrictEqual } from 'node:util'
import type { BeginStageResult, StageRef } from '../shared/contract/payloads.ts'
import { findMigration, findSegment, findStage } from '../shared/domain/definition/find.ts'
import { wakingMilliseconds, type Migration } from '../shared/domain/definition/migration.ts'
import { hasPassed } from '../shared/domain/stage-record.ts'
import { prerequisites } from '../shared/domain/waves.ts'
import type { StageChange } from '../shared/ports/run-store.ts'
import { requireLoadedDefinition } from './loaded-definition.ts'
import { isAsPlanned, type PlannedSourcePorts } from './planned-source.ts'
import { gateByNow, isUndecided, reasonToGoBack, recordAtGate, type WayBackPorts } from './way-back.ts'
import { closedWindow, type Window, type WindowPorts } from './window.ts'

export interface BeginStagePorts extends PlannedSourcePorts, WindowPorts, WayBackPorts {
  readonly migrations: readonly Migration[]
}

/**
 * Decides what a run does with a stage: work that has passed is taken as done, a gate that is still to be
 * decided is gone back to, and what follows a stage that has not passed is not reached. A gate that cannot be
 * passed is not gone back to: the stage runs again, and puts new evidence before it. What was decided while no run was
 * there is carried out first; a rollback whatever has become of the stage since. Work begins only while the calendar is
 * open. @throws MappingChanged, SourceChanged, CalendarMissing, CalendarUnsupported.
 */
export async function beginStage(ref: StageRef, ports: BeginStagePorts): Promise<BeginStageResult> {
  const { run } = ref
  const migration = findMigration(ports.migrations, run.migration)
  const segment = findSegment(ports.migrations, run.migration, ref.segment)
  const stage = findStage(segment, ref.stage)
  await ports.runs.requireLock(run.migration, run.lockToken)

  const base = {
    segment: ref.segment,
    stage: ref.stage,
    plans: stage.kind === 'rehearse',
    loads: stage.kind !== 'rehearse',
    checksWholeTarget: stage.kind === 'full',
    remindSeconds: Math.ceil(wakingMilliseconds(migration.gate) / 1000),
  }
  const records = new Map((await ports.runs.stages(run.migration)).map((record) => [nameOf(record), record]))
  const frozen = await ports.runs.manifest(run.migration, ref.segment)
  const own = records.get(nameOf(ref))
  // What was done to the batches of an earlier plan says nothing about those of this one.
  const isCurrent = own?.fingerprint === run.fingerprint && (own.manifest ?? frozen?.id) === frozen?.id
  const current = isCurrent ? own : undefined
  const passed: BeginStageResult = { ...base, action: 'skip', why: 'it has passed already' }
  if (hasPassed(current) && base.loads) return passed

  if (current?.status === 'rollback') {
    return {
      ...base,
      action: 'skip',
      why: 'it is to be rolled back, and goes no further under this definition',
    }
  }

  const at = { migration: run.migration, segment: ref.segment, stage: ref.stage }
  const gate = await gateByNow(ref, frozen, ports)
  const goBack = async (why: string): Promise<BeginStageResult> => {
    await ports.runs.updateStage(at, run.lockToken, (now) =>
      gate && frozen && isDeepStrictEqual(now, own)
        ? recordAtGate(gate, current, frozen.id, ports.clock.now())
        : undefined,
    )
    return { ...base, action: 'gate', why, gate: gate?.id ?? current?.gate }
  }
  // Before all else: it needs no calendar and no unchanged source, and nothing more is to be loaded.
  if (gate?.status === 'rollback') return await goBack('its gate came to a rollback, still to be carried out')

  const missing = prerequisites(migration, segment, stage).find((needed) => {
    const record = records.get(nameOf(needed))
    return !hasPassed(record) || record?.fingerprint !== run.fingerprint
  })
  if (missing) return { ...base, action: 'skip', why: `${nameOf(missing)} has not passed` }

  await requireLoadedDefinition(ref, frozen, ports.checkpoints)
  const isPlanned = await isAsPlanned(ref, base.plans, frozen, ports)
  if (hasPassed(current) && isPlanned) return passed

  const reason = isPlanned && current ? reasonToGoBack(gate, current) : undefined
  if (reason !== undefined) return await goBack(reason)

  const waited = own?.run === run.id ? own.window : undefined
  const closed = await closedWindow(migration, stage, waited, ports)
  const status = closed === undefined ? 'running' : 'waiting'
  // While it waits nothing is done to it, so what is decided on it meanwhile counts.
  const measured = closed && current && isUndecided(current) ? current : undefined
  // Written over what the decision was made on: a late attempt at this state undoes nothing that came of it since.
  await ports.runs.updateStage(at, run.lockToken, (now) =>
    isDeepStrictEqual(now, own)
      ? { ...measured, ...begun(ref, ports.clock.now(), status, closed ?? waited) }
      : undefined,
  )
  if (closed !== undefined) {
    const { calendar, until = 'somebody opens it' } = closed
    return { ...base, action: 'wait', why: `calendar ${calendar} is closed until ${until}`, calendar }
  }
  const why = isPlanned ? 'there is work to do' : 'its source changed before anything of it was loaded'
  return { ...base, action: 'run', why }
}

const nameOf = (at: { readonly segment: string; readonly stage: string }) => `${at.segment}/${at.stage}`

function begun(
  { run, segment, stage }: StageRef,
  now: number,
  status: 'running' | 'waiting',
  window: Window | undefined,
): StageChange {
  return {
    segment,
    stage,
    status,
    fingerprint: run.fingerprint,
    run: run.id,
    startedAt: new Date(now).toISOString(),
    ...(window && { window }),
  }
}
