import { injectLambdaContext } from '@aws-lambda-powertools/logger/middleware'
import { logMetrics } from '@aws-lambda-powertools/metrics/middleware'
import { captureLambdaHandler } from '@aws-lambda-powertools/tracer/middleware'
import type { Logger } from '@aws-lambda-powertools/logger'
import middy from '@middy/core'
import type { Context } from 'aws-lambda'
import { z } from 'zod'
import { isAccessRefusal } from '../adapters/access-refusal.ts'
import { isTransient } from '../adapters/transient.ts'
import { LockgateError } from '../contract/errors.ts'
import type { Deadline } from '../ports/clock.ts'
import type { Meter } from '../ports/meter.ts'
import { lambdaDeadline } from './lambda-deadline.ts'
import { deployedFingerprint } from './settings.ts'
import { logFailure, logger, meter, powertoolsMetrics, tracer } from './telemetry.ts'

export interface StepContext {
  readonly deadline: Deadline
  readonly logger: Logger
  readonly metrics: Meter
}

interface StepHandler<Input, Result> {
  /** Name of the step, as its folder. */
  readonly name: string
  readonly input: z.ZodType<Input>
  readonly run: (input: Input, context: StepContext) => Promise<Result>
}

/** What of an input goes on logs and metrics: pointers, never values. */
const labels = z.object({
  run: z.object({ migration: z.string(), id: z.string(), fingerprint: z.string() }).optional(),
  segment: z.string().optional(),
  stage: z.string().optional(),
  batch: z.string().optional(),
})

/**
 * The one wiring of every function: Powertools (log, trace, metrics), input parsed by its contract, a deadline
 * from the remaining time. @throws InvalidInput, RunNotPinned, ServiceUnavailable, AccessDenied, and what the step
 * throws.
 */
export function stepHandler<Input, Result>({ name, input, run }: StepHandler<Input, Result>) {
  const handle = async (event: unknown, context: Context): Promise<Result> => {
    const parsed = input.safeParse(event)
    if (!parsed.success) throw new LockgateError('InvalidInput', `${name}: ${z.prettifyError(parsed.error)}`)
    label(name, parsed.data)
    const deadline = lambdaDeadline(context)
    try {
      return await run(parsed.data, { deadline, logger, metrics: meter })
    } catch (error) {
      throw named(name, error)
    } finally {
      deadline.clear()
    }
  }
  return middy<unknown, Result>(handle)
    .use(captureLambdaHandler(tracer, { captureResponse: false }))
    .use(injectLambdaContext(logger, { resetKeys: true }))
    .use(logMetrics(powertoolsMetrics))
    .onError(({ error }) => {
      logFailure(`${name} failed`, error)
    })
}

function label(step: string, input: unknown): void {
  const { run, segment, stage, batch } = labels.safeParse(input).data ?? {}
  powertoolsMetrics.clearDefaultDimensions()
  if (run) requirePinned(step, run)
  const dimensions = {
    ...(run && { migration: run.migration }),
    ...(segment && { segment }),
    ...(stage && { stage }),
  }
  if (run) powertoolsMetrics.addDimensions(dimensions)
  logger.appendKeys({ step, ...dimensions, ...(run && { run: run.id }), ...(batch && { batch }) })
}

/** A run keeps to the function versions that it began with; another fingerprint here means that it does not. */
function requirePinned(
  step: string,
  run: { readonly migration: string; readonly fingerprint: string },
): void {
  const deployed = deployedFingerprint(run.migration)
  if (deployed === run.fingerprint) return
  throw new LockgateError(
    'RunNotPinned',
    `this version of ${step} has definition ${deployed.slice(0, 12)} of ${run.migration}, and the run began with ` +
      `${run.fingerprint.slice(0, 12)}: the state machine must call the published versions it was deployed with`,
  )
}

/** What services say in many ways has one name. */
function named(step: string, error: unknown): unknown {
  if (isTransient(error)) return unavailable(step, error)
  return isAccessRefusal(error) ? denied(step, error) : error
}

function denied(step: string, cause: Error): LockgateError {
  return new LockgateError(
    'AccessDenied',
    `${step} lacks a permission: ${cause.message}. Give it back (deploy what is in lib, or lift what denies it), then ` +
      'redrive the run: what was done stays done',
    { cause },
  )
}

/** One name for all that passes by itself, whichever service and whatever it called it: state machines retry it. */
function unavailable(step: string, cause: unknown): LockgateError {
  const { name, code, $metadata } = cause as Error & { code?: string; $metadata?: { attempts?: number } }
  return new LockgateError(
    'ServiceUnavailable',
    `a call of ${step} failed as often as it was tried (${code ?? name}, ${$metadata?.attempts ?? 1} times). What was ` +
      'done stays done; when the outage is over, redrive the run',
    { cause },
  )
}
