/** CloudWatch metrics of Lockgate. Functions count, dashboard and alarms read. */
export const metricNamespace = 'Lockgate'

/** The only dimensions there are: anything finer would show values or cost more than it tells. */
export const metricDimensions = ['migration', 'segment', 'stage'] as const

export const metricNames = {
  RecordsExtracted: 'records read from the source',
  RecordsMapped: 'records that the mapping accepted',
  RecordsFiltered: 'records left out on purpose',
  RecordsQuarantined: 'records kept back, with a reason',
  RecordsLoaded: 'records written to the target',
  RecordsUnchanged: 'records that the target held already',
  RecordsConflicted: 'records that the target held in a state nobody expected',
  RecordsReconciled: 'records compared with a fresh read of the source',
  RecordsMissing: 'records that the target lacks',
  RecordsDifferent: 'records that differ from the source',
  BatchesReconciled: 'batches that went through every step',
  BatchesFailed: 'batches that failed on their data',
  TargetThrottles: 'requests that the target throttled',
  ApproversUnconfirmed: 'approvers whom a gate could not ask, as their subscription is not confirmed',
  GateWaitingHours: 'hours that a gate has been open, each time it asks its approvers',
} as const
export type MetricName = keyof typeof metricNames
