import { expect, test } from 'vitest'
import { isRefusal } from '../../../lambdas/shared/contract/errors.ts'
import { batchStates, type BatchState } from '../../../lambdas/shared/contract/stages.ts'
import type { Checkpoint, Step } from '../../../lambdas/shared/domain/checkpoint.ts'
import { decideClaim } from '../../../lambdas/shared/domain/claim.ts'
import { emptyDigest } from '../../../lambdas/shared/domain/digest.ts'
import { emptyLedger } from '../../../lambdas/shared/domain/ledger.ts'

const [before, now] = ['a'.repeat(64), 'b'.repeat(64)]
const batch = { segment: 's', manifest: 'm', batch: '000001' }
const reconciliation = { compared: 3, missing: 1, different: 0, fields: {}, expected: emptyDigest }

/** Every kind of checkpoint that a run with lock token 2 can find. */
function* checkpoints(): Generator<Checkpoint | undefined> {
  yield undefined
  const froms = batchStates.filter((state) => state !== 'failed')
  const failures = [
    undefined,
    ...froms.flatMap((from) => [true, false].map((rehearsal) => ({ from, rehearsal }))),
  ]
  for (const state of batchStates)
    for (const fingerprint of [before, now])
      for (const lockToken of [1, 2])
        for (const chunk of [0, 1])
          for (const undo of [{}, { 0: 'hash' }])
            for (const more of [{}, { reconciliation }])
              for (const failure of state === 'failed' ? failures : [undefined])
                yield {
                  ...{ ...batch, ...more, state, fingerprint, lockToken, undo, progress: { chunk } },
                  ...{ attempt: 1, revision: 1, generation: 1, epoch: 0, duplicates: 0, milliseconds: {} },
                  ...{ ledger: emptyLedger, mapped: emptyDigest },
                  ...(failure && { failure: { error: 'x', message: 'x', ...failure } }),
                }
}

const finished = { extract: 'extracted', transform: 'transformed', load: 'loaded' } as const
const stateAfter = (step: Step, loads: boolean, { state }: Checkpoint): BatchState =>
  step === 'reconcile' ? (loads ? 'reconciled' : state) : finished[step]

/** Goes on from a step as `stage.asl.json` does, and answers how often a step other than extract was refused. */
function refusals(found: Checkpoint | undefined, first: Step, loads: boolean): number {
  const steps: Step[] = ['extract', 'transform', ...(loads ? ['load' as const] : []), 'reconcile']
  let checkpoint = found
  let refused = 0
  for (let i = steps.indexOf(first); i < steps.length;) {
    const step = steps[i] ?? 'extract'
    try {
      const claim = decideClaim(checkpoint, {
        ...batch,
        step,
        lockToken: 2,
        fingerprint: now,
        rehearsal: !loads,
      })
      if (claim.status === 'failed') return refused
      if (claim.status === 'claimed') {
        const { next } = claim
        checkpoint = { ...next, state: stateAfter(step, loads, next), progress: { chunk: 0 }, reconciliation }
      }
      i += 1
    } catch (error) {
      if (isRefusal(error, 'MappingChanged')) return refused
      if (!isRefusal(error, 'NotEligible') || step === 'extract') throw error
      refused += 1
      if (refused > 1) return refused
      i = 0
    }
  }
  return refused
}

test('a step that is refused goes back to extract once: from there no other is refused, whatever was found', () => {
  let refused = 0
  for (const loads of [true, false]) {
    for (const first of ['transform', ...(loads ? ['load' as const] : []), 'reconcile'] as const) {
      for (const found of checkpoints()) {
        const times = refusals(found, first, loads)
        expect(times, `${first}, ${JSON.stringify(found)}`).toBeLessThanOrEqual(1)
        refused += times
      }
    }
  }
  expect(refused).toBeGreaterThan(100)
})
