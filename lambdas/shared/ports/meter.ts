import type { MetricName } from '../contract/metrics.ts'

/** What a step counts, under the migration, segment and stage of its input. */
export interface Meter {
  count(name: MetricName, value?: number): void
}
