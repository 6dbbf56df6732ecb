import { Duration, Stack } from 'aws-cdk-lib'
import {
  Dashboard,
  GraphWidget,
  GraphWidgetView,
  LegendPosition,
  MathExpression,
  PeriodOverride,
  Stats,
  TextWidget,
  type IMetric,
  type IWidget,
} from 'aws-cdk-lib/aws-cloudwatch'
import type { IFunction } from 'aws-cdk-lib/aws-lambda'
import type { StateMachine } from 'aws-cdk-lib/aws-stepfunctions'
import { Construct } from 'constructs'
import {
  metricDimensions,
  metricNamespace,
  metricNames,
  type MetricName,
} from '../../lambdas/shared/contract/metrics.ts'

interface WorkflowDashboardProps {
  readonly dashboardName: string
  readonly functions: ReadonlyMap<string, IFunction>
  readonly machines: readonly StateMachine[]
  readonly consoleUrl: string
}

const period = Duration.minutes(1)

/** The one page an operator keeps open: progress, speed, ledger, errors, durations, throttles. */
export class WorkflowDashboard extends Construct {
  readonly url: string

  constructor(scope: Construct, id: string, props: WorkflowDashboardProps) {
    super(scope, id)
    const functions = [...props.functions.values()]
    const of = (metric: (f: IFunction) => IMetric) => functions.map(metric)
    new Dashboard(this, 'Dashboard', {
      dashboardName: props.dashboardName,
      defaultInterval: Duration.hours(3),
      periodOverride: PeriodOverride.INHERIT,
      widgets: [
        [
          new TextWidget({
            width: 24,
            height: 2,
            markdown: `# Lockgate\n[Start or inspect a run](${props.consoleUrl}) · alarms are explained in docs/runbook.md`,
          }),
        ],
        [
          graph('Progress by stage: batches reconciled', byStage('BatchesReconciled', 'running total')),
          graph('Records per second', [
            rate('RecordsExtracted'),
            rate('RecordsMapped'),
            rate('RecordsLoaded'),
            rate('RecordsReconciled'),
          ]),
        ],
        [
          graph(
            'Ledger: extracted = mapped + filtered + quarantined',
            totals('RecordsExtracted', 'RecordsMapped', 'RecordsFiltered', 'RecordsQuarantined'),
          ),
          graph(
            'Ledger: mapped = loaded + unchanged + conflicted',
            totals('RecordsMapped', 'RecordsLoaded', 'RecordsUnchanged', 'RecordsConflicted'),
          ),
        ],
        [
          graph('Reconciliation: missing and different', totals('RecordsMissing', 'RecordsDifferent')),
          graph('Batches failed on their data, by stage', byStage('BatchesFailed', 'sum')),
          graph('Hours that gates have waited', byStage('GateWaitingHours', 'max')),
        ],
        [
          graph(
            'Errors of functions',
            of((f) => f.metricErrors({ statistic: Stats.SUM, period })),
          ),
          graph(
            'Runs and stages that did not succeed',
            props.machines.flatMap((machine) => [
              machine.metricFailed({ statistic: Stats.SUM, period }),
              machine.metricTimedOut({ statistic: Stats.SUM, period }),
              machine.metricAborted({ statistic: Stats.SUM, period }),
            ]),
          ),
        ],
        [
          graph(
            'Duration of functions, 95th percentile',
            of((f) => f.metricDuration({ statistic: Stats.p(95), period })),
          ),
          graph(
            'Throttles of functions',
            of((f) => f.metricThrottles({ statistic: Stats.SUM, period })),
          ),
          graph('Throttles of the target', totals('TargetThrottles')),
        ],
      ].map(row),
    })
    const { region } = Stack.of(this)
    this.url = `https://${region}.console.aws.amazon.com/cloudwatch/home?region=${region}#dashboards/dashboard/${props.dashboardName}`
  }
}

interface Graph {
  readonly title: string
  readonly metrics: readonly IMetric[]
}

const graph = (title: string, metrics: readonly IMetric[]): Graph => ({ title, metrics })

/** Widgets of one row share its width of 24. */
function row(items: readonly (Graph | TextWidget)[]): IWidget[] {
  return items.map((item) =>
    item instanceof TextWidget
      ? item
      : new GraphWidget({
          title: item.title,
          left: [...item.metrics],
          width: 24 / items.length,
          height: 7,
          view: GraphWidgetView.TIME_SERIES,
          legendPosition: LegendPosition.BOTTOM,
          leftYAxis: { min: 0, showUnits: false },
        }),
  )
}

const search = (name: MetricName, statistic: string): string =>
  `SEARCH('{${metricNamespace},${metricDimensions.join(',')}} MetricName="${name}"', '${statistic}', ${period.toSeconds()})`

function byStage(name: MetricName, as: 'running total' | 'sum' | 'max'): IMetric[] {
  const found = search(name, as === 'max' ? 'Maximum' : 'Sum')
  const expression = as === 'running total' ? `RUNNING_SUM(${found})` : found
  return [new MathExpression({ expression, label: '', usingMetrics: {}, period })]
}

function totals(...names: readonly MetricName[]): IMetric[] {
  return names.map(
    (name) =>
      new MathExpression({
        expression: `SUM(${search(name, 'Sum')})`,
        label: metricNames[name],
        usingMetrics: {},
        period,
      }),
  )
}

function rate(name: MetricName): IMetric {
  const expression = `SUM(${search(name, 'Sum')})/${period.toSeconds()}`
  return new MathExpression({ expression, label: metricNames[name], usingMetrics: {}, period })
}
