import { Stack } from 'aws-cdk-lib'
import type { Construct } from 'constructs'
import { nameIn } from '../lambdas/shared/contract/resource-names.ts'

/** A bucket, as those who are granted something see it. */
export interface BucketPlace {
  readonly name: string
  readonly arn: string
  /** ARN of the key, where it is encrypted with one. */
  readonly keyArn?: string
}

export interface TablePlace {
  readonly name: string
  readonly arn: string
  readonly keyArn?: string
}

export { nameIn }

/** Bucket names are shared by all accounts, so the account is part of them. */
export const bucketNameIn = (scope: Construct, environment: string, thing: string): string =>
  `${nameIn(environment, thing)}-${Stack.of(scope).account}`

export const bucketArn = (scope: Construct, name: string): string =>
  `arn:${Stack.of(scope).partition}:s3:::${name}`

export const tableArn = (scope: Construct, name: string): string =>
  Stack.of(scope).formatArn({ service: 'dynamodb', resource: 'table', resourceName: name })

export const calendarArn = (scope: Construct, name: string): string =>
  Stack.of(scope).formatArn({ service: 'ssm', resource: 'document', resourceName: name })

export const functionArn = (scope: Construct, name: string): string =>
  Stack.of(scope).formatArn({ service: 'lambda', resource: `function:${name}` })

export const stateMachineArn = (scope: Construct, name: string): string =>
  Stack.of(scope).formatArn({ service: 'states', resource: `stateMachine:${name}` })

/** Executions of a state machine; with `map`, those that this Distributed Map of it starts. */
export const executionsArn = (scope: Construct, name: string, map?: string): string =>
  Stack.of(scope).formatArn({
    service: 'states',
    resource: `execution:${name}${map === undefined ? '' : `/${map}`}:*`,
  })

/** Runs of the Distributed Maps of a state machine: `…:mapRun:<state machine>/<label>:<id>`. */
export const mapRunsArn = (scope: Construct, name: string): string =>
  Stack.of(scope).formatArn({ service: 'states', resource: `mapRun:${name}/*` })
