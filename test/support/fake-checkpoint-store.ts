import { LockgateError } from '../../lambdas/shared/contract/errors.ts'
import type { Checkpoint } from '../../lambdas/shared/domain/checkpoint.ts'
import { decideClaim, decideSendBack } from '../../lambdas/shared/domain/claim.ts'
import type {
  BatchId,
  CheckpointStore,
  Claim,
  ClaimResult,
  SendBack,
} from '../../lambdas/shared/ports/checkpoint-store.ts'

type ManifestId = Omit<BatchId, 'batch'>

export class FakeCheckpointStore implements CheckpointStore {
  readonly items = new Map<string, Checkpoint>()

  async claim(claim: Claim): Promise<ClaimResult> {
    const decision = decideClaim(this.items.get(keyOf(claim)), claim)
    if (decision.status !== 'claimed') return decision
    return { status: 'claimed', checkpoint: this.write(claim, decision.next) }
  }

  async save(id: BatchId, checkpoint: Checkpoint): Promise<Checkpoint> {
    const now = this.items.get(keyOf(id))
    if (now && now.lockToken > checkpoint.lockToken) throw new LockgateError('LockLost', 'a later run')
    if (now?.revision !== checkpoint.revision) throw new LockgateError('AttemptSuperseded', 'a later attempt')
    return this.write(id, checkpoint)
  }

  async sendBack(request: SendBack): Promise<Checkpoint> {
    const now = this.items.get(keyOf(request))
    const next = decideSendBack(now, request)
    if (next) return this.write(request, next)
    if (!now) throw new LockgateError('NotEligible', 'not there')
    return now
  }

  async get(id: BatchId): Promise<Checkpoint | undefined> {
    return this.items.get(keyOf(id))
  }

  async *list(id: ManifestId): AsyncIterable<Checkpoint> {
    const own = [...this.items].filter(([key]) =>
      key.startsWith(`${id.migration}/${id.segment}/${id.manifest}/`),
    )
    for (const [, checkpoint] of own.sort(([a], [b]) => (a < b ? -1 : 1))) yield checkpoint
  }

  /** Puts a checkpoint there as it is: the state in which a test begins. */
  seed(id: BatchId, checkpoint: Checkpoint): void {
    this.items.set(keyOf(id), { revision: 1, ...checkpoint })
  }

  private write(id: BatchId, next: Checkpoint): Checkpoint {
    const stored = structuredClone({ ...next, revision: (this.items.get(keyOf(id))?.revision ?? 0) + 1 })
    this.items.set(keyOf(id), stored)
    return structuredClone(stored)
  }
}

function keyOf(id: BatchId): string {
  return `${id.migration}/${id.segment}/${id.manifest}/${id.batch}`
}
