import { Duration, RemovalPolicy } from 'aws-cdk-lib'
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam'
import {
  Architecture,
  Code,
  Function as LambdaFunction,
  LoggingFormat,
  Runtime,
  Tracing,
} from 'aws-cdk-lib/aws-lambda'
import { LogGroup } from 'aws-cdk-lib/aws-logs'
import { Construct } from 'constructs'
import { acknowledgeEverything, acknowledgeWildcards } from '../acknowledge.ts'
import type { Grant } from '../grant-statements.ts'
import { nodeOptions, type Sizing } from '../function-sizing.ts'
import { retention } from '../log-retention.ts'

export interface WorkflowFunctionProps {
  readonly functionName: string
  /** Folder of the bundle. */
  readonly bundle: string
  readonly description: string
  readonly sizing: Sizing
  readonly environment: Readonly<Record<string, string>>
  readonly grants: readonly Grant[]
  readonly logRetentionDays: number
}

/** A function with a role, a log group and a published version of its own. */
export class WorkflowFunction extends Construct {
  readonly function: LambdaFunction

  constructor(scope: Construct, id: string, props: WorkflowFunctionProps) {
    super(scope, id)
    const logGroup = new LogGroup(this, 'Log', {
      logGroupName: `/aws/lambda/${props.functionName}`,
      retention: retention(props.logRetentionDays),
      removalPolicy: RemovalPolicy.DESTROY,
    })
    // Not AWSLambdaBasicExecutionRole: that one writes to every log group of the account.
    const role = new Role(this, 'Role', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') })
    role.addToPolicy(
      new PolicyStatement({
        actions: ['logs:CreateLogStream', 'logs:PutLogEvents'],
        resources: [logGroup.logGroupArn],
      }),
    )
    for (const { statement } of props.grants) role.addToPolicy(statement)
    this.function = new LambdaFunction(this, 'Function', {
      functionName: props.functionName,
      description: props.description,
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      handler: 'index.handler',
      code: Code.fromAsset(props.bundle),
      memorySize: props.sizing.memoryMiB,
      timeout: Duration.seconds(props.sizing.timeoutSeconds),
      environment: { ...props.environment, NODE_OPTIONS: nodeOptions(props.sizing) },
      role,
      logGroup,
      loggingFormat: LoggingFormat.JSON,
      tracing: Tracing.ACTIVE,
      currentVersionOptions: {
        // A run goes on with the version that it began with, so a deployment leaves it behind.
        removalPolicy: RemovalPolicy.RETAIN,
        description: props.description,
      },
    })
    for (const { statement, why } of props.grants) {
      if (why !== undefined) acknowledgeWildcards(role, statement, why)
    }
    acknowledgeEverything(
      role,
      'xray:PutTraceSegments, xray:PutTelemetryRecords and lambda:GetAccountSettings know no resources',
    )
  }

  /** ARN of the version that this deployment publishes. */
  get versionArn(): string {
    return this.function.currentVersion.functionArn
  }
}
