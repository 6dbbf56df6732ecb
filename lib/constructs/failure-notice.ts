import { Duration } from 'aws-cdk-lib'
import { Rule } from 'aws-cdk-lib/aws-events'
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets'
import type { IFunction } from 'aws-cdk-lib/aws-lambda'
import { Construct } from 'constructs'

interface FailureNoticeProps {
  readonly ruleName: string
  readonly stateMachineArns: readonly string[]
  readonly recordFailure: IFunction
}

/** Executions that do not succeed are recorded and told: an event says so, whatever ended them. */
export class FailureNotice extends Construct {
  constructor(scope: Construct, id: string, props: FailureNoticeProps) {
    super(scope, id)
    new Rule(this, 'Rule', {
      ruleName: props.ruleName,
      description: 'Lockgate: executions that failed, timed out or were aborted',
      eventPattern: {
        source: ['aws.states'],
        detailType: ['Step Functions Execution Status Change'],
        detail: { status: ['FAILED', 'TIMED_OUT', 'ABORTED'], stateMachineArn: [...props.stateMachineArns] },
      },
      targets: [
        new LambdaFunction(props.recordFailure, { retryAttempts: 20, maxEventAge: Duration.hours(24) }),
      ],
    })
  }
}
