import { Duration } from 'aws-cdk-lib'
import {
  Alarm,
  ComparisonOperator,
  MathExpression,
  Stats,
  TreatMissingData,
  type IMetric,
} from 'aws-cdk-lib/aws-cloudwatch'
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions'
import type { ITopic } from 'aws-cdk-lib/aws-sns'
import type { StateMachine } from 'aws-cdk-lib/aws-stepfunctions'
import { Construct } from 'constructs'
import { metricNamespace, type MetricName } from '../../lambdas/shared/contract/metrics.ts'
import type { Settings } from '../config.ts'
import { nameIn } from '../names.ts'

interface AlarmsProps {
  readonly settings: Settings
  readonly migrate: StateMachine
  readonly notices: ITopic
}

interface Condition {
  /** Also the name of its section in the runbook. */
  readonly name: string
  readonly says: string
  readonly metric: IMetric
  /** The alarm is raised beyond it. */
  readonly threshold: number
}

/** What wakes an operator. Each alarm tells the topic of notices, and its description where the runbook is. */
export class Alarms extends Construct {
  readonly #notices: ITopic
  readonly #environment: string

  constructor(scope: Construct, id: string, { settings, migrate, notices }: AlarmsProps) {
    super(scope, id)
    this.#notices = notices
    this.#environment = settings.environment
    this.#alarm('FailedRun', {
      name: 'failed-run',
      says: 'A run failed, timed out or was aborted.',
      metric: unsuccessful(migrate),
      threshold: 0,
    })
    this.#alarm('GateWaiting', {
      name: 'gate-waiting',
      says: `A gate has been waiting for more than ${settings.gateWaitingHours} hours.`,
      metric: overAll('MAX', 'GateWaitingHours', Duration.minutes(5)),
      threshold: settings.gateWaitingHours,
    })
    this.#alarm('ApproverNotAsked', {
      name: 'approver-not-asked',
      says: 'A gate could not ask an approver, whose e-mail subscription is not confirmed.',
      metric: overAll('MAX', 'ApproversUnconfirmed', Duration.minutes(5)),
      threshold: 0,
    })
    this.#alarm('QuarantineOverLimit', {
      name: 'quarantine-over-limit',
      says: `More than ${settings.quarantineLimit} records went into quarantine within one hour.`,
      metric: overAll('SUM', 'RecordsQuarantined', Duration.hours(1)),
      threshold: settings.quarantineLimit,
    })
  }

  #alarm(id: string, { name, says, metric, threshold }: Condition): void {
    const alarm = new Alarm(this, id, {
      alarmName: nameIn(this.#environment, name),
      alarmDescription: `${says} What to do: docs/runbook.md#${name}`,
      metric,
      threshold,
      comparisonOperator: ComparisonOperator.GREATER_THAN_THRESHOLD,
      evaluationPeriods: 1,
      treatMissingData: TreatMissingData.NOT_BREACHING,
    })
    alarm.addAlarmAction(new SnsAction(this.#notices))
  }
}

function unsuccessful(machine: StateMachine): MathExpression {
  const options = { statistic: Stats.SUM, period: Duration.minutes(5) }
  return new MathExpression({
    label: 'runs that did not succeed',
    expression: 'failed + timedOut + aborted',
    usingMetrics: {
      failed: machine.metricFailed(options),
      timedOut: machine.metricTimedOut(options),
      aborted: machine.metricAborted(options),
    },
    period: options.period,
  })
}

/**
 * A metric over all migrations, segments and stages. An alarm cannot watch a SEARCH, but it can watch a query
 * of Metrics Insights; so nothing has to be counted a second time without its dimensions.
 */
function overAll(aggregate: 'MAX' | 'SUM', name: MetricName, period: Duration): MathExpression {
  return new MathExpression({
    label: name,
    expression: `SELECT ${aggregate}(${name}) FROM ${metricNamespace}`,
    usingMetrics: {},
    period,
  })
}
