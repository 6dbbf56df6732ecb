import { LockgateError } from '../contract/errors.ts'
import type { BatchState } from '../contract/stages.ts'
import { effortName, transitions, type Checkpoint, type Step } from './checkpoint.ts'
import { emptyDigest } from './digest.ts'
import { emptyLedger } from './ledger.ts'
import { takenUp } from './take-up.ts'

export interface ClaimRequest {
  readonly segment: string
  readonly manifest: string
  readonly batch: string
  readonly step: Step
  readonly lockToken: number
  readonly fingerprint: string
  readonly rehearsal?: boolean
}

/** `next` is written under the condition that the item still is `found`; else the decision is made anew. */
export type ClaimDecision =
  | { readonly status: 'done' | 'failed'; readonly checkpoint: Checkpoint }
  | { readonly status: 'claimed'; readonly next: Checkpoint }

const neverLoaded: readonly BatchState[] = ['planned', 'extracted', 'transformed', 'failed']

/** Whether a write to the target can have begun: the undo log is recorded before it. */
export function mayBeLoaded(checkpoint: Checkpoint): boolean {
  return !neverLoaded.includes(checkpoint.state) || Object.keys(checkpoint.undo).length > 0
}

/** What a claim makes of a checkpoint. @throws LockLost, NotEligible, MappingChanged. */
export function decideClaim(found: Checkpoint | undefined, claim: ClaimRequest): ClaimDecision {
  const name = `batch ${claim.batch} of ${claim.segment}`
  if (!found) {
    if (claim.step !== 'extract') throw notEligible(name, claim.step, 'not there')
    return claimed(planned(claim, 1), claim)
  }
  requireToken(name, found, claim.lockToken)
  if (found.fingerprint !== claim.fingerprint) return claimChanged(name, found, claim)
  const batch = takenUp(found, claim)
  if (batch.state === 'failed') return { status: 'failed', checkpoint: batch }
  const { from, done } = stepStates(claim)
  const isVerified = batch.reconciliation !== undefined && batch.progress.chunk === 0
  const verified = claim.rehearsal && claim.step === 'reconcile' && isVerified
  // What is taken up is stored by the step that has work to do: the steps before it are done.
  if (done.includes(batch.state) || verified) return { status: 'done', checkpoint: batch }
  if (!from.includes(batch.state)) throw notEligible(name, claim.step, batch.state)
  return claimed({ ...batch, attempt: batch.attempt + 1, lockToken: claim.lockToken }, claim)
}

function claimed(next: Checkpoint, { step, rehearsal = false }: ClaimRequest): ClaimDecision {
  const name = effortName(step, rehearsal)
  const claims = { ...next.claims, [name]: (next.claims?.[name] ?? 0) + 1 }
  return { status: 'claimed', next: { ...next, claims } }
}

/** In a rehearsal, reconcile compares the mapping with itself, and the batch stays `transformed`. */
function stepStates({ step, rehearsal }: ClaimRequest): (typeof transitions)[Step] {
  if (!rehearsal || step !== 'reconcile') return transitions[step]
  return { from: ['transformed'], done: ['loading', 'loaded', 'reconciled'] }
}

function claimChanged(name: string, found: Checkpoint, claim: ClaimRequest): ClaimDecision {
  if (mayBeLoaded(found)) {
    throw loadedOtherwise(name, found, claim.fingerprint)
  }
  if (claim.step !== 'extract') throw notEligible(name, claim.step, `${found.state} under another definition`)
  return claimed({ ...planned(claim, found.attempt + 1), ...keptOf(found) }, claim)
}

/** What a batch keeps when it begins anew. Time and claims under the earlier definition say nothing of this one. */
function keptOf({ revision, generation, epoch }: Checkpoint): Partial<Checkpoint> {
  return { ...(revision !== undefined && { revision }), generation, epoch }
}

interface SendBackRequest {
  readonly segment: string
  readonly batch: string
  readonly to: 'planned' | 'extracted'
  readonly lockToken: number
  readonly duplicates?: number
}

/** What sending a batch back makes of it; `undefined` where it is there already. @throws LockLost, NotEligible. */
export function decideSendBack(
  found: Checkpoint | undefined,
  request: SendBackRequest,
): Checkpoint | undefined {
  const { segment, batch, to, lockToken, duplicates = 0 } = request
  const name = `batch ${batch} of ${segment}`
  if (!found) throw notEligible(name, 'transform', 'not there')
  requireToken(name, found, lockToken)
  const before = found.state === 'planned' || found.state === to
  const untouched =
    found.state === 'planned' ? to === 'extracted' || found.progress.chunk === 0 : found.progress.chunk === 0
  if (before && untouched && found.duplicates >= duplicates) return undefined
  const movable =
    found.state === 'extracted' ||
    found.state === 'transformed' ||
    (to === 'planned' && found.state === 'loading')
  if (!before && !movable) throw notEligible(name, 'transform', found.state)
  const { reconciliation: _cleared, ...rest } = found
  return {
    ...rest,
    state: found.state === 'planned' ? 'planned' : to,
    attempt: found.attempt + 1,
    lockToken,
    progress: untouched ? found.progress : { chunk: 0 },
    duplicates: Math.max(found.duplicates, duplicates),
  }
}

function requireToken(name: string, found: Checkpoint, lockToken: number): void {
  if (found.lockToken <= lockToken) return
  throw new LockgateError(
    'LockLost',
    `${name} was taken by a later run (lock token ${found.lockToken}; this run has ${lockToken}): this run is over`,
  )
}

function planned(
  { segment, manifest, batch, lockToken, fingerprint }: ClaimRequest,
  attempt: number,
): Checkpoint {
  return {
    ...{
      segment,
      manifest,
      batch,
      state: 'planned',
      attempt,
      lockToken,
      fingerprint,
      generation: 1,
      epoch: 0,
    },
    ...{
      progress: { chunk: 0 },
      ledger: emptyLedger,
      undo: {},
      mapped: emptyDigest,
      duplicates: 0,
      milliseconds: {},
    },
  }
}

function notEligible(name: string, step: Step, state: string): LockgateError {
  return new LockgateError(
    'NotEligible',
    `${step} cannot start: ${name} is ${state}. Start the migration again; it goes on from the state of each batch`,
  )
}

/** `name` says which batch it is. */
export function loadedOtherwise(name: string, found: Checkpoint, fingerprint: string): LockgateError {
  return new LockgateError(
    'MappingChanged',
    `${name} was loaded under definition ${found.fingerprint.slice(0, 12)}, and this is ` +
      `${fingerprint.slice(0, 12)}: deploy the earlier definition again to finish its rollout`,
  )
}
