import { Logger } from '@aws-lambda-powertools/logger'
import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics'
import { Tracer } from '@aws-lambda-powertools/tracer'
import { metricNamespace } from '../contract/metrics.ts'
import type { Meter } from '../ports/meter.ts'

const serviceName = 'lockgate'

export const logger = new Logger({ serviceName })
/** Requests are traced per SDK client; a trace of every HTTP call would show keys of objects twice. */
export const tracer = new Tracer({ serviceName, captureHTTPsRequests: false })
export const powertoolsMetrics = new Metrics({
  namespace: metricNamespace,
  serviceName,
  // It warns of every invocation that counts nothing, and most of them do.
  logger: {
    debug: (text: string) => logger.debug(text),
    info: (text: string) => logger.info(text),
    warn: (text: string) => logger.debug(text),
    error: (text: string) => logger.error(text),
  },
})

/** By name and message: the rest of an SDK's error can show what a request carried. */
export function logFailure(what: string, error: Error | null | undefined): void {
  const cause = error?.cause instanceof Error ? `${error.cause.name}: ${error.cause.message}` : undefined
  logger.error(what, { error: error?.name, reason: error?.message, cause })
}

export const meter: Meter = {
  count: (name, value = 1) => {
    if (value > 0) powertoolsMetrics.addMetric(name, MetricUnit.Count, value)
  },
}
