import type { StageRef } from '../shared/contract/payloads.ts'
import { encodeFields } from '../shared/domain/canonical.ts'
import type { Segment } from '../shared/domain/definition/segment.ts'
import { keyDigest } from '../shared/domain/digest.ts'
import { packLines } from '../shared/domain/frames.ts'
import { KeyIndexBuilder } from '../shared/domain/key-index.ts'
import { stagingKeys } from '../shared/domain/object-keys.ts'
import { scanPosition, type ScanPosition } from '../shared/domain/whole-target.ts'
import type { Deadline } from '../shared/ports/clock.ts'
import { readJson, writeJson } from '../shared/ports/json-objects.ts'
import type { ObjectStore } from '../shared/ports/object-store.ts'
import type { RunStore } from '../shared/ports/run-store.ts'
import type { Target } from '../shared/ports/target.ts'

interface ScanTargetPorts {
  readonly segment: Segment
  readonly target: Target
  readonly staging: ObjectStore
  readonly runs: RunStore
  readonly deadline: Deadline
}

type ScanTargetInput = StageRef & { readonly manifest: string; readonly part: number; readonly parts: number }

const keysPerPage = 50_000

/**
 * Reads the keys of one part of the target, within the segment's scope, and stages them page by page: an index
 * to compare with, and the keys themselves. A run scans once; its retries go on after the last staged page.
 */
export async function scanTarget(
  input: ScanTargetInput,
  ports: ScanTargetPorts,
): Promise<{ isComplete: boolean }> {
  const { run, part, parts, segment, manifest } = input
  const { staging, target, deadline } = ports
  await ports.runs.requireLock(run.migration, run.lockToken)
  const { partitions = 1 } = (await ports.runs.manifest(run.migration, segment)) ?? {}
  const at = { migration: run.migration, segment, manifest }
  const positionKey = stagingKeys.scanPosition(at, run.id, part)
  let position: ScanPosition = { pages: 0, done: false }
  if (await staging.get(positionKey)) position = await readJson(staging, positionKey, scanPosition)

  while (!position.done) {
    if (deadline.isNear()) return { isComplete: false }
    const next = await stagePage(position)
    position = {
      pages: position.pages + 1,
      done: next === undefined,
      ...(next !== undefined && { after: next }),
    }
    await writeJson(staging, positionKey, position)
  }
  return { isComplete: true }

  /** Answers where the scan goes on. */
  async function stagePage({ pages, after }: ScanPosition): Promise<string | undefined> {
    const index = new KeyIndexBuilder()
    const lines: string[] = []
    let next = after
    do {
      const page = await target.scan(part, parts, next, deadline.signal)
      for (const key of page.keys) {
        const digest = keyDigest(ports.segment.target.at, key)
        index.add({ digest, ordinal: lines.length, excluded: false })
        lines.push(encodeFields(key))
      }
      next = page.next
    } while (next !== undefined && lines.length < keysPerPage && !deadline.isNear())
    await staging.put(stagingKeys.scanKeys(at, run.id, part, pages), await packLines(lines))
    await staging.put(stagingKeys.scanIndex(at, run.id, part, pages), index.encode(partitions))
    return next
  }
}
