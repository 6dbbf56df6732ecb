import type { BeginStageResult, StageRef } from '../shared/contract/payloads.ts'
import { findMigration, findSegment, findStage } from '../shared/domain/definition/find.ts'
import { spanMilliseconds, type Migration } from '../shared/domain/definition/migration.ts'
import type { StageRecord } from '../shared/domain/stage-record.ts'
import { prerequisiteStage } from '../shared/domain/waves.ts'
import type { Clock } from '../shared/ports/clock.ts'
import type { RunStore } from '../shared/ports/run-store.ts'

export interface BeginStagePorts {
  readonly migrations: readonly Migration[]
  readonly runs: RunStore
  readonly clock: Clock
}

/**
 * Decides what a run does with a stage: work that has passed is taken as done, a gate that is still to be
 * decided is gone back to, and what follows a stage that has not passed is not reached. A gate that cannot be
 * passed is not gone back to: the stage runs again, and puts new evidence before it.
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
    remindSeconds: Math.ceil(spanMilliseconds(migration.gate.remindEvery) / 1000),
  }
  const records = new Map((await ports.runs.stages(run.migration)).map((record) => [nameOf(record), record]))
  const own = records.get(nameOf(ref))
  const current = own?.fingerprint === run.fingerprint ? own : undefined
  if (current?.status === 'passed') return { ...base, action: 'skip', why: 'it has passed already' }

  const missing = prerequisites(migration, ref).find((needed) => {
    const record = records.get(nameOf(needed))
    return record?.status !== 'passed' || record.fingerprint !== run.fingerprint
  })
  if (missing) return { ...base, action: 'skip', why: `${nameOf(missing)} has not passed` }

  const isUndecided = current?.status === 'judged' || current?.status === 'held'
  if (current?.gate && isUndecided && current.verdict === 'pass') {
    return {
      ...base,
      action: 'gate',
      why: 'it is measured, and its gate is to be decided',
      gate: current.gate,
    }
  }
  await ports.runs.saveStage(run.migration, started(ref, ports.clock.now()))
  return { ...base, action: 'run', why: 'there is work to do' }
}

const nameOf = (at: { readonly segment: string; readonly stage: string }) => `${at.segment}/${at.stage}`

function prerequisites(migration: Migration, ref: StageRef): { segment: string; stage: string }[] {
  const segment = findSegment([migration], migration.name, ref.segment)
  const stage = findStage(segment, ref.stage)
  const before = segment.stages[segment.stages.indexOf(stage) - 1]
  const own = before ? [{ segment: segment.name, stage: before.id }] : []
  const others = segment.dependsOn.flatMap((name) => {
    const needed = prerequisiteStage(findSegment([migration], migration.name, name), stage)
    return needed ? [{ segment: name, stage: needed.id }] : []
  })
  return [...own, ...others]
}

function started({ run, segment, stage }: StageRef, now: number): StageRecord {
  return {
    segment,
    stage,
    status: 'running',
    fingerprint: run.fingerprint,
    lockToken: run.lockToken,
    run: run.id,
    startedAt: new Date(now).toISOString(),
  }
}
