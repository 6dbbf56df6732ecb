import { LockgateError } from '../../lambdas/shared/contract/errors.ts'
import { manifestHeader, type ManifestHeader } from '../../lambdas/shared/domain/manifest.ts'
import { stageRecord, type StageRecord } from '../../lambdas/shared/domain/stage-record.ts'
import type {
  Lock,
  RecordedFailure,
  RunStore,
  StageChange,
  StageId,
} from '../../lambdas/shared/ports/run-store.ts'
import { requireItemSize } from './item-size.ts'

/** Lock, manifests and stages in memory, with the conditions of the real store; what is read went through its schemas. */
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
    if (now?.token !== seen?.token || now?.holders.length !== seen?.holders.length) {
      if (now?.token === (seen?.token ?? 0) + 1 && now.holders[0] === executionArn)
        return structuredClone(now)
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
    const found = this.manifests.get(`${migration}/${segment}`)
    return found && manifestHeader.parse(structuredClone(found.content))
  }

  async saveManifest(migration: string, content: ManifestHeader, token: number): Promise<void> {
    const name = `${migration}/${content.segment}`
    if ((this.manifests.get(name)?.token ?? 0) > token)
      throw new LockgateError('LockLost', 'a later run wrote it')
    requireItemSize(content)
    this.manifests.set(name, { token, content: structuredClone(content) })
  }

  async stage(migration: string, segment: string, stage: string): Promise<StageRecord | undefined> {
    const found = this.records.get(`${migration}/${segment}/${stage}`)
    return found && stageRecord.parse(structuredClone(found))
  }

  async stages(migration: string): Promise<StageRecord[]> {
    const own = [...this.records].filter(([name]) => name.startsWith(`${migration}/`))
    const place = ({ segment, stage }: StageRecord) => `${segment}#${stage}`
    return own
      .map(([, record]) => stageRecord.parse(structuredClone(record)))
      .sort((a, b) => (place(a) < place(b) ? -1 : 1))
  }

  async updateStage(
    { migration, segment, stage }: StageId,
    lockToken: number,
    change: (record: StageRecord | undefined) => StageChange | undefined,
  ): Promise<StageRecord | undefined> {
    const name = `${migration}/${segment}/${stage}`
    const found = this.records.get(name)
    if ((found?.lockToken ?? 0) > lockToken) throw new LockgateError('LockLost', 'a later run wrote it')
    const changed = change(structuredClone(found))
    if (changed === undefined) return structuredClone(found)
    const next = structuredClone({ ...changed, lockToken })
    requireItemSize(next)
    this.records.set(name, next)
    return structuredClone(next)
  }

  /** Puts a record there as it is: the state in which a test begins. */
  async saveStage(migration: string, record: StageRecord): Promise<void> {
    await this.updateStage({ migration, ...record }, record.lockToken, () => record)
  }

  async recordFailure(migration: string, failure: RecordedFailure): Promise<void> {
    this.failures.push({ migration, failure })
  }
}
