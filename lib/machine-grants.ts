import { Stack } from 'aws-cdk-lib'
import { PolicyStatement } from 'aws-cdk-lib/aws-iam'
import type { Construct } from 'constructs'
import type { Definition } from './definition.ts'
import type { Grant } from './grant-statements.ts'
import { executionsArn, functionArn, nameIn, stateMachineArn, type BucketPlace } from './names.ts'

/** State machines invoke the functions that their definitions name, and no other. */
function invocations(scope: Construct, environment: string, definition: Definition): Grant {
  return {
    statement: allow(
      ['lambda:InvokeFunction'],
      definition.functions.map((name) => `${functionArn(scope, nameIn(environment, name))}:*`),
    ),
    why:
      'any published version of just this function: after a deployment, runs that are under way go on calling the ' +
      'versions that they began with, under the same role',
  }
}

/** What `window` does: it calls one function, and waits. */
export function windowGrants(scope: Construct, environment: string, definition: Definition): Grant[] {
  return [invocations(scope, environment, definition)]
}

/** What `migrate` does beside calling functions: it runs stages and waits, and is told by an event how they end. */
export function migrateGrants(scope: Construct, environment: string, definition: Definition): Grant[] {
  const nested = ['stage', 'window'].map((name) => nameIn(environment, name))
  return [
    invocations(scope, environment, definition),
    // A version is authorised by the ARN of its state machine.
    {
      statement: allow(
        ['states:StartExecution'],
        nested.map((name) => stateMachineArn(scope, name)),
      ),
    },
    {
      // Redriving a run starts its stage anew, so it takes no permission to redrive that.
      statement: allow(
        ['states:DescribeExecution', 'states:StopExecution'],
        nested.map((name) => executionsArn(scope, name)),
      ),
      why: 'executions of stages and of waits get their names when they start',
    },
    {
      statement: allow(
        ['events:PutTargets', 'events:PutRule', 'events:DescribeRule'],
        [
          Stack.of(scope).formatArn({
            service: 'events',
            resource: 'rule',
            resourceName: 'StepFunctionsGetEventsForStepFunctionsExecutionRule',
          }),
        ],
      ),
    },
  ]
}

interface StageBuckets {
  readonly archive: BucketPlace
  readonly staging: BucketPlace
  readonly keyArn: string
}

/** What `stage` does beside calling functions: its Distributed Maps start children, read lists and write results. */
export function stageGrants(
  scope: Construct,
  environment: string,
  definition: Definition,
  { archive, staging, keyArn }: StageBuckets,
): Grant[] {
  const stage = nameIn(environment, 'stage')
  const children = mapLabels(definition).map((label) => executionsArn(scope, stage, label))
  return [
    invocations(scope, environment, definition),
    { statement: allow(['states:StartExecution'], [stateMachineArn(scope, stage)]) },
    {
      statement: allow(['states:DescribeExecution'], [executionsArn(scope, stage), ...children]),
      why: 'children of the Distributed Maps get their names when they start',
    },
    {
      statement: allow(['states:RedriveExecution'], children),
      why: 'children of the Distributed Maps get their names when they start',
    },
    {
      statement: allow(['s3:GetObject'], [`${archive.arn}/surveys/*`, `${archive.arn}/manifests/*`]),
      why: 'lists are named by migration, segment and manifest, which a run makes',
    },
    {
      statement: allow(
        ['s3:GetObject', 's3:PutObject', 's3:AbortMultipartUpload', 's3:ListMultipartUploadParts'],
        [`${staging.arn}/map-results/*`],
      ),
      why: 'the results of a map run are named by the map run',
    },
    { statement: viaS3(scope, ['kms:Decrypt', 'kms:GenerateDataKey'], keyArn) },
  ]
}

/** Labels of the Distributed Maps, which stand in the ARNs of their children. */
function mapLabels({ text }: Definition): string[] {
  return [...text.matchAll(/"Label":"([^"]+)"/g)].map(([, label = '']) => label)
}

function viaS3(scope: Construct, actions: readonly string[], keyArn: string): PolicyStatement {
  const statement = allow(actions, [keyArn])
  statement.addCondition('StringLike', { 'kms:ViaService': `s3.*.${Stack.of(scope).urlSuffix}` })
  return statement
}

function allow(actions: readonly string[], resources: readonly string[]): PolicyStatement {
  return new PolicyStatement({ actions: [...actions], resources: [...resources] })
}
