import { z } from 'zod'
import { LockgateError } from '../shared/contract/errors.ts'
import { decisions } from '../shared/contract/stages.ts'
import { cleanReason, reasonProblem } from '../shared/domain/gate-rules/reason.ts'
import type { Attempt } from '../shared/domain/page/attempt.ts'

const form = z.strictObject({
  decision: z.enum(decisions),
  reason: z.string(),
  evidence: z.string().regex(/^[0-9a-f]{64}$/),
})
export type DecisionForm = z.infer<typeof form>

/** `malformed`: no page of ours has sent this; absent where a person can do better. */
export type ReadForm =
  { readonly form: DecisionForm } | { readonly attempt: Attempt; readonly malformed?: LockgateError }

const malformed = new LockgateError('MalformedForm', 'the fields are not those of the form')

/** The posted form with its reason cleaned, or what to tell the person who posted it. */
export function readForm(body: Uint8Array): ReadForm {
  const pairs = [...new URLSearchParams(Buffer.from(body).toString('utf8'))]
  const values = Object.fromEntries(pairs)
  const reason = cleanReason(values.reason ?? '')
  const decision = form.shape.decision.safeParse(values.decision).data
  const attempt = { reason, ...(decision && { decision }) }
  if (!decision) {
    // With a browser that checks nothing, somebody may have chosen nothing.
    const isSlip = values.decision === undefined && values.evidence !== undefined
    const problem = 'Please choose what shall happen.'
    return { attempt: { ...attempt, problem }, ...(!isSlip && { malformed }) }
  }

  const parsed = form.safeParse({ ...values, reason })
  if (!parsed.success || pairs.length !== Object.keys(values).length) {
    const problem =
      'The form did not arrive as this page sends it. Nothing was recorded; please decide again.'
    return { attempt: { ...attempt, problem }, malformed }
  }
  const problem = reasonProblem(reason)
  return problem === undefined ? { form: parsed.data } : { attempt: { ...attempt, problem } }
}
