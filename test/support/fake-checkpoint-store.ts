import { LockgateError } from '../../lambdas/shared/contract/errors.ts'
import { checkpoint as schema, type Checkpoint } from '../../lambdas/shared/domain/checkpoint.ts'
import { decideClaim, decideSendBack } from '../../lambdas/shared/domain/claim.ts'
import type {
  BatchId,
  CheckpointStore,
  Claim,
  ClaimResult,
  SendBack,
} from '../../lambdas/shared/ports/checkpoint-store.ts'
import { requireItemSize } from './item-size.ts'

type ManifestId = Omit<BatchId, 'batch'>

/** Checkpoints in memory. What is read is a copy that went through the schema, as it is from the real store. */
export class FakeCheckpointStore implements CheckpointStore {
  readonly items = new Map<string, Checkpoint>()

  async claim(claim: Claim): Promise<ClaimResult> {
    const decision = decideClaim(this.read(claim), claim)
    if (decision.status !== 'claimed') return decision
    return { status: 'claimed', checkpoint: this.write(claim, decision.next) }
  }

  async save(id: BatchId, checkpoint: Checkpoint): Promise<Checkpoint> {
    const now = this.read(id)
    if (now && now.lockToken > checkpoint.lockToken) throw new LockgateError('LockLost', 'a later run')
    if (now?.revision !== checkpoint.revision) throw new LockgateError('AttemptSuperseded', 'a later attempt')
    return this.write(id, checkpoint)
  }

  async sendBack(request: SendBack): Promise<Checkpoint> {
    const now = this.read(request)
    const next = decideSendBack(now, request)
    if (next) return this.write(request, next)
    if (!now) throw new LockgateError('NotEligible', 'not there')
    return now
  }

  async get(id: BatchId): Promise<Checkpoint | undefined> {
    return this.read(id)
  }

  async *list(id: ManifestId): AsyncIterable<Checkpoint> {
    const prefix = keyOf({ ...id, batch: '' })
    const own = [...this.items].filter(([key]) => key.startsWith(prefix))
    for (const [, found] of own.sort(([a], [b]) => (a < b ? -1 : 1)))
      yield schema.parse(structuredClone(found))
  }

  /** Puts a checkpoint there as it is: the state in which a test begins. */
  seed(id: BatchId, checkpoint: Checkpoint): void {
    this.items.set(keyOf(id), { revision: 1, ...checkpoint })
  }

  private read(id: BatchId): Checkpoint | undefined {
    const found = this.items.get(keyOf(id))
    return found && schema.parse(structuredClone(found))
  }

  private write(id: BatchId, next: Checkpoint): Checkpoint {
    const stored = structuredClone({ ...next, revision: (this.items.get(keyOf(id))?.revision ?? 0) + 1 })
    requireItemSize(stored)
    this.items.set(keyOf(id), stored)
    return structuredClone(stored)
  }
}

function keyOf(id: BatchId): string {
  return `${id.migration}/${id.segment}/${id.manifest}/${id.batch}`
}
