import { z } from 'zod'
import { defineSegment, dynamoDb, full, rehearse, s3Ndjson } from '#lockgate'
import { extract } from '../../lambdas/extract/extract.ts'
import { load } from '../../lambdas/load/load.ts'
import { reconcile } from '../../lambdas/reconcile/reconcile.ts'
import type { BatchPorts } from '../../lambdas/shared/batch/batch-step.ts'
import type { LockgateError } from '../../lambdas/shared/contract/errors.ts'
import type { BatchStep, StepResult } from '../../lambdas/shared/contract/payloads.ts'
import type { Step } from '../../lambdas/shared/domain/checkpoint.ts'
import type { Segment } from '../../lambdas/shared/domain/definition/segment.ts'
import { keyNames, ownedFields } from '../../lambdas/shared/domain/mapping/owned-fields.ts'
import { archiveKeys } from '../../lambdas/shared/domain/object-keys.ts'
import { listingDigest } from '../../lambdas/shared/domain/source-change.ts'
import type { Deadline } from '../../lambdas/shared/ports/clock.ts'
import { writeJson } from '../../lambdas/shared/ports/json-objects.ts'
import { transform } from '../../lambdas/transform/transform.ts'
import { FakeCheckpointStore } from './fake-checkpoint-store.ts'
import { deadlineAfter, FakeClock } from './fake-clock.ts'
import { FakeObjectStore } from './fake-object-store.ts'
import { FakeRunStore } from './fake-run-store.ts'
import { fakeSource, type FakeSource } from './fake-source.ts'
import { FakeTarget } from './fake-target.ts'
import { Interruption } from './interruptions.ts'

export const fingerprint = 'a'.repeat(64)
const chunkRecords = 3
const objectKey = 'things/1.ndjson'

const Row = z.object({
  id: z.number(),
  size: z.number(),
  mail: z.string().optional(),
  skip: z.boolean().optional(),
})
const Thing = z.object({ pk: z.string(), size: z.number(), mail: z.string().optional() })

export const thingsSegment = (
  change: Partial<Segment> = {},
  holds: 'empty' | 'records' = 'empty',
): Segment => ({
  ...defineSegment({
    name: 'things',
    owner: 'tests',
    source: s3Ndjson({ at: 'export', prefix: 'things/', record: Row }),
    target: dynamoDb({ at: 'table', record: Thing, key: ['pk'], holds }),
    filter: { unwanted: (row) => row.skip === true },
    map: { pk: (row) => `T#${row.id}`, size: 'size', mail: { from: 'mail', pii: 'mask' } },
    stages: [rehearse(), full()],
  }),
  ...change,
})

/** Rows 0 to n - 1 of the source; every eighth breaks the contract, every ninth is filtered. */
export function thingRows(count: number): unknown[] {
  return Array.from({ length: count }, (_, id) => {
    if (id % 8 === 7) return { id, size: `secret-${id}` }
    return { id, size: id * 10, mail: `someone-${id}@example.com`, ...(id % 9 === 8 && { skip: true }) }
  })
}

/** A planned batch of a small source, all stores in memory, and the four steps upon them. */
export class BatchWorld {
  readonly staging = new FakeObjectStore('staging')
  readonly archive = new FakeObjectStore('archive')
  readonly checkpoints = new FakeCheckpointStore()
  readonly runs = new FakeRunStore()
  readonly clock = new FakeClock()
  readonly counted: Record<string, number> = {}
  readonly failures: LockgateError[] = []
  readonly id = { migration: 'demo', segment: 'things', manifest: 'm1', batch: '000001' }
  readonly source: FakeSource
  readonly target: FakeTarget
  segment: Segment
  lockToken = 1
  fingerprint = fingerprint

  private constructor(segment: Segment, rows: readonly unknown[]) {
    this.segment = segment
    this.source = fakeSource(segment.source, {
      [objectKey]: rows.map((row) => `${JSON.stringify(row)}\n`).join(''),
    })
    this.target = new FakeTarget(keyNames(segment), ownedFields(segment))
  }

  static async open(rows: readonly unknown[], segment: Segment = thingsSegment()): Promise<BatchWorld> {
    const world = new BatchWorld(segment, rows)
    const objects = await world.source.list()
    const [object] = objects
    if (!object) throw new Error('no source')
    const slice = { object, start: 0, end: object.size, line: 1, records: rows.length }
    await writeJson(world.archive, archiveKeys.batch(world.id), { batch: world.id.batch, slice })
    const plan = {
      id: 'm1',
      segment: 'things',
      source: listingDigest(objects),
      batches: 1,
      records: rows.length,
      bytes: object.size,
    }
    const header = { ...plan, chunkRecords, partitions: 4, fingerprint }
    await world.runs.takeLock('demo', 'arn:run-1', undefined)
    await world.runs.saveManifest('demo', header, 1)
    return world
  }

  /** Another run takes the lock over. */
  async takeOver(): Promise<void> {
    await this.runs.takeLock('demo', `arn:run-${this.lockToken + 1}`, await this.runs.lock('demo'))
    this.lockToken += 1
  }

  /** Replaces the source's content while the manifest stays. */
  replaceSource(rows: readonly unknown[]): void {
    this.source.put(objectKey, rows.map((row) => `${JSON.stringify(row)}\n`).join(''))
  }

  /** One invocation of a step. */
  async run(
    step: Step,
    {
      loads = true,
      deadline = deadlineAfter(),
      interruption = new Interruption(),
      lockToken = this.lockToken,
    } = {},
  ): Promise<StepResult> {
    const ports = this.ports(deadline, interruption)
    const input = this.input(loads, lockToken)
    const hasher = { prepare: async () => (text: string) => `hash of ${text}` }
    const target = interruption.of(this.target, 'write')
    switch (step) {
      case 'extract':
        return extract(input, { ...ports, source: this.source })
      case 'transform':
        return transform(input, { ...ports, segment: this.segment, hasher })
      case 'load':
        return load(input, { ...ports, segment: this.segment, target })
      case 'reconcile': {
        const own = { segment: this.segment, source: this.source, target, hasher, settleDelay: 200 }
        return reconcile(input, { ...ports, ...own })
      }
    }
  }

  /** The steps up to the last, round again until each is complete. */
  async runTo(last: Step, options: { loads?: boolean; deadline?: () => Deadline } = {}): Promise<StepResult> {
    const steps = (['extract', 'transform', 'load', 'reconcile'] as const).filter(
      (step) => step !== 'load' || options.loads !== false,
    )
    let result: StepResult = { isComplete: true, outcome: 'ok' }
    for (const step of steps.slice(0, steps.indexOf(last) + 1)) {
      do {
        result = await this.run(step, {
          loads: options.loads ?? true,
          deadline: options.deadline?.() ?? deadlineAfter(),
        })
      } while (!result.isComplete)
      if (result.outcome === 'failed') break
    }
    return result
  }

  async checkpoint() {
    const found = await this.checkpoints.get(this.id)
    if (!found) throw new Error('no checkpoint')
    return found
  }

  private ports(deadline: Deadline, interruption: Interruption): BatchPorts {
    return {
      runs: this.runs,
      checkpoints: interruption.of(this.checkpoints, 'claim', 'save', 'sendBack'),
      staging: interruption.of(this.staging, 'put', 'create'),
      archive: interruption.of(this.archive, 'put', 'create'),
      clock: this.clock,
      deadline,
      metrics: { count: (name, value = 1) => void (this.counted[name] = (this.counted[name] ?? 0) + value) },
      onFailure: (error) => void this.failures.push(error),
    }
  }

  private input(loads: boolean, lockToken: number): BatchStep {
    const { migration, segment, manifest, batch } = this.id
    const run = {
      ...{ migration, id: 'run-1', executionArn: 'arn:run-1', startedBy: 'operator@example.com' },
      ...{ startedAt: '2026-01-01T00:00:00Z', fingerprint: this.fingerprint, lockToken, concurrency: 1 },
    }
    return { run, segment, stage: loads ? 'full' : 'rehearse', manifest, batch, loads }
  }
}
