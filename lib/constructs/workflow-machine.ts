import { RemovalPolicy } from 'aws-cdk-lib'
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam'
import { LogGroup } from 'aws-cdk-lib/aws-logs'
import {
  CfnStateMachine,
  CfnStateMachineVersion,
  DefinitionBody,
  LogLevel,
  StateMachine,
  StateMachineType,
} from 'aws-cdk-lib/aws-stepfunctions'
import { Construct } from 'constructs'
import { acknowledgeEverything, acknowledgeWildcards } from '../acknowledge.ts'
import type { Definition } from '../definition.ts'
import type { Grant } from '../grant-statements.ts'
import { retention } from '../log-retention.ts'

export interface WorkflowMachineProps {
  readonly stateMachineName: string
  readonly definition: Definition
  /** A value for each placeholder of the definition. */
  readonly substitutions: Readonly<Record<string, string>>
  readonly grants: readonly Grant[]
  readonly logRetentionDays: number
}

/** A Standard state machine with a role, a log group and a published version of its own. */
export class WorkflowMachine extends Construct {
  readonly machine: StateMachine
  readonly versionArn: string

  constructor(scope: Construct, id: string, props: WorkflowMachineProps) {
    super(scope, id)
    const log = new LogGroup(this, 'Log', {
      // Under this prefix the resource policy of CloudWatch Logs does not grow with each state machine.
      logGroupName: `/aws/vendedlogs/states/${props.stateMachineName}`,
      retention: retention(props.logRetentionDays),
      removalPolicy: RemovalPolicy.DESTROY,
    })
    const role = new Role(this, 'Role', { assumedBy: new ServicePrincipal('states.amazonaws.com') })
    for (const { statement } of props.grants) role.addToPolicy(statement)
    this.machine = new StateMachine(this, 'Machine', {
      stateMachineName: props.stateMachineName,
      stateMachineType: StateMachineType.STANDARD,
      definitionBody: DefinitionBody.fromString(props.definition.text),
      definitionSubstitutions: { ...props.substitutions },
      role,
      tracingEnabled: true,
      // Without the data of executions: task tokens of gates are among them.
      logs: { destination: log, level: LogLevel.ALL, includeExecutionData: false },
    })
    for (const { statement, why } of props.grants) {
      if (why !== undefined) acknowledgeWildcards(role, statement, why)
    }
    acknowledgeEverything(
      role,
      'the actions of X-Ray and of log delivery (logs:CreateLogDelivery, …) know no resources',
    )
    this.versionArn = publish(this, this.machine)
  }
}

/** Its revision changes with definition and role, and replaces the version; the replaced one is kept. */
function publish(scope: Construct, machine: StateMachine): string {
  const resource = machine.node.defaultChild
  if (!(resource instanceof CfnStateMachine)) throw new Error(`${machine.node.path} has no state machine`)
  const version = new CfnStateMachineVersion(scope, 'Version', {
    stateMachineArn: machine.stateMachineArn,
    stateMachineRevisionId: resource.attrStateMachineRevisionId,
  })
  version.applyRemovalPolicy(RemovalPolicy.RETAIN, { applyToUpdateReplacePolicy: true })
  return version.attrArn
}
