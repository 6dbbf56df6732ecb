import { z } from 'zod'
import { isErrorName } from '../shared/contract/errors.ts'
import { failureMail } from '../shared/domain/mail/failure-mail.ts'
import type { Failure, FailureSearch } from '../shared/ports/executions.ts'
import type { Notifier } from '../shared/ports/notifier.ts'
import type { RunStore } from '../shared/ports/run-store.ts'

/** EventBridge writes `null` for what is not there. */
const text = z
  .string()
  .nullish()
  .transform((value) => value ?? undefined)

/** The EventBridge event; `input` is absent where it would make the event too large. */
export const failureEvent = z.object({
  time: z.iso.datetime(),
  detail: z.object({
    executionArn: z.string().min(1),
    name: z.string().min(1),
    status: z.enum(['FAILED', 'TIMED_OUT', 'ABORTED']),
    /** Milliseconds since 1970. */
    stopDate: z.number().nullish(),
    input: text,
    error: text,
    cause: text,
  }),
})
export type FailureEvent = z.infer<typeof failureEvent>

export interface RecordFailurePorts {
  readonly failures: FailureSearch
  readonly runs: RunStore
  readonly notifier: Notifier
}

const jsonText = z.string().transform((json, context): unknown => {
  try {
    return JSON.parse(json)
  } catch (error) {
    context.addIssue(String(error))
    return z.NEVER
  }
})

/** A run names its migration itself; the execution of a stage has the run in its input. */
const source = jsonText.pipe(
  z.union([
    z.object({ run: z.object({ migration: z.string() }), segment: z.string(), stage: z.string() }),
    z.object({ migration: z.string() }),
  ]),
)

const lambdaCause = jsonText.pipe(z.object({ errorMessage: z.string() }))

/**
 * Records an execution that ended badly, and tells the operators, under the error that it began with. A stage that was
 * stopped with its run is recorded only: its run says what happened. Told again, it writes the same record.
 */
export async function recordFailure(
  { time, detail }: FailureEvent,
  ports: RecordFailurePorts,
): Promise<void> {
  const { executionArn, name, status } = detail
  const origin = await ports.failures.originOf(detail)
  const { error } = origin
  const reason = reasonOf(origin)
  const from = originOf(detail.input)
  const at = detail.stopDate ? new Date(detail.stopDate).toISOString() : time
  const what = { ...(error !== undefined && { error }), ...(reason !== undefined && { cause: reason }) }
  if (from.migration !== undefined) {
    await ports.runs.recordFailure(from.migration, { at, execution: executionArn, status, ...what })
  }
  if (from.stage && status === 'ABORTED') return
  await ports.notifier.toOperators(failureMail({ arn: executionArn, name, status, error, reason, ...from }))
}

function originOf(input: string | undefined) {
  const parsed = source.safeParse(input).data
  if (!parsed) return { migration: undefined, stage: undefined }
  if ('run' in parsed) {
    return { migration: parsed.run.migration, stage: { segment: parsed.segment, stage: parsed.stage } }
  }
  return { migration: parsed.migration, stage: undefined }
}

/**
 * Only of refusals that Lockgate words itself: any other may quote what a request carried. Well formed where it is cut:
 * SNS takes no other text.
 */
function reasonOf({ error, cause }: Failure): string | undefined {
  if (error === undefined || !isErrorName(error)) return undefined
  return lambdaCause.safeParse(cause).data?.errorMessage.slice(0, 1000).toWellFormed()
}
