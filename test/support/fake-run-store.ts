import { LockgateError } from '../../lambdas/shared/contract/errors.ts'
import type { ManifestHeader } from '../../lambdas/shared/domain/manifest.ts'
import type { StageRecord } from '../../lambdas/shared/domain/stage-record.ts'
import type { Lock, RecordedFailure, RunStore } from '../../lambdas/shared/ports/run-store.ts'

/** Lock, manifests and stages in memory, with the conditions of the real store. */
export class FakeRunStore implements RunStore {
  readonly locks = new Map<string, Lock>()
  readonly manifests = new Map<string, { token: number; content: ManifestHeader }>()
  readonly records = new Map<string, StageRecord>()
  readonly failures: { migration: string; failure: RecordedFailure }[] = []

  async lock(migration: string): Promise<Lock | undefined> {
    return structuredClone(this.locks.get(migration))
  }

  async takeLock(migration: string, executionArn: string, seen: Lock | undefined): Promise<Lock> {
    const now = this.locks.get(migration)
    if (JSON.stringify(now) !== JSON.stringify(seen)) {
      if (now?.token === (seen?.token ?? 0) + 1 && now.holders[0] === executionArn) return now
      throw new LockgateError('LockHeld', 'taken meanwhile')
    }
    const lock = { migration, token: (seen?.token ?? 0) + 1, holders: [executionArn] }
    this.locks.set(migration, lock)
    return structuredClone(lock)
  }

  async joinLock(migration: string, token: number, executionArn: string): Promise<void> {
    await this.requireLock(migration, token)
    const { holders } = this.locks.get(migration)!
    this.locks.set(migration, { migration, token, holders: [...new Set([...holders, executionArn])] })
  }

  async requireLock(migration: string, token: number): Promise<void> {
    const now = this.locks.get(migration)
    if (now?.token !== token || now.holders.length === 0) throw new LockgateError('LockLost', 'not held')
  }

  async releaseLock(migration: string, token: number): Promise<void> {
    const now = this.locks.get(migration)
    if (now?.token === token) this.locks.set(migration, { ...now, holders: [] })
  }

  async manifest(migration: string, segment: string): Promise<ManifestHeader | undefined> {
    return structuredClone(this.manifests.get(`${migration}/${segment}`)?.content)
  }

  async saveManifest(migration: string, content: ManifestHeader, token: number): Promise<void> {
    const name = `${migration}/${content.segment}`
    if ((this.manifests.get(name)?.token ?? 0) > token)
      throw new LockgateError('LockLost', 'a later run wrote it')
    this.manifests.set(name, { token, content: structuredClone(content) })
  }

  async stage(migration: string, segment: string, stage: string): Promise<StageRecord | undefined> {
    return structuredClone(this.records.get(`${migration}/${segment}/${stage}`))
  }

  async stages(migration: string): Promise<StageRecord[]> {
    const own = [...this.records].filter(([name]) => name.startsWith(`${migration}/`))
    return own.map(([, record]) => structuredClone(record))
  }

  async saveStage(migration: string, record: StageRecord): Promise<void> {
    const name = `${migration}/${record.segment}/${record.stage}`
    if ((this.records.get(name)?.lockToken ?? 0) > record.lockToken) {
      throw new LockgateError('LockLost', 'a later run wrote it')
    }
    this.records.set(name, structuredClone(record))
  }

  async recordFailure(migration: string, failure: RecordedFailure): Promise<void> {
    this.failures.push({ migration, failure })
  }
}
