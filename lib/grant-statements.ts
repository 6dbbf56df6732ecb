import { PolicyStatement } from 'aws-cdk-lib/aws-iam'
import type { Construct } from 'constructs'
import type { Grants, ObjectGrants } from './grants.ts'
import {
  executionsArn,
  mapRunsArn,
  nameIn,
  stateMachineArn,
  type BucketPlace,
  type TablePlace,
} from './names.ts'

/** The places of one environment, as far as functions know them. */
export interface Places {
  readonly environment: string
  readonly checkpoints: TablePlace
  readonly gates: TablePlace
  readonly staging: BucketPlace
  readonly archive: BucketPlace
  /** Those that migrations read, each with the prefixes that they read. */
  readonly sources: ReadonlyMap<string, BucketPlace & { readonly prefixes: readonly string[] }>
  /** Those that migrations load. */
  readonly targets: ReadonlyMap<string, TablePlace>
  readonly approvalTopicArn: string
  readonly noticeTopicArn: string
  /** Key of topics. */
  readonly keyArn: string
  /** Absent when no migration hashes. */
  readonly piiKeyArn: string | undefined
}

/** A statement, and why a resource of it ends in `*` where one does. */
export interface Grant {
  readonly statement: PolicyStatement
  readonly why?: string
}

const targetActions = {
  read: ['BatchGetItem'],
  write: ['BatchGetItem', 'PutItem', 'UpdateItem'],
  scan: ['Scan'],
  describe: ['DescribeTable'],
} as const
const readKey = ['kms:Decrypt', 'kms:DescribeKey']
const writeKey = ['kms:Decrypt', 'kms:DescribeKey', 'kms:Encrypt', 'kms:GenerateDataKey']

type Allow = (actions: readonly string[], resources: readonly string[], why?: string) => void

/** The policy of a function, from its line in the table of grants. */
export function grantStatements(scope: Construct, may: Grants, places: Places): Grant[] {
  const found: Grant[] = []
  const allow: Allow = (actions, resources, why) => {
    const statement = new PolicyStatement({ actions: [...actions], resources: [...resources] })
    found.push(why === undefined ? { statement } : { statement, why })
  }
  const table = (place: TablePlace, actions: readonly string[]): void => {
    allow(
      actions.map((action) => `dynamodb:${action}`),
      [place.arn],
    )
    // Describing a table decrypts nothing.
    if (place.keyArn === undefined || actions.join() === 'DescribeTable') return
    allow(actions.some(writes) ? writeKey : readKey, [place.keyArn])
  }
  const objects = (place: BucketPlace, { read = [], write = [] }: ObjectGrants): void => {
    const below = (prefix: string) => `${place.arn}/${prefix}/*`
    if (read.length > 0) {
      allow(['s3:GetObject'], read.map(below), 'the names of the objects below a prefix follow from the data')
      // Also so that an object which is not there is answered with 404, and not with 403.
      allow(['s3:ListBucket'], [place.arn])
      allowKey(place, readKey)
    }
    if (write.length > 0) {
      allow(
        ['s3:PutObject'],
        write.map(below),
        'the names of the objects below a prefix follow from the data',
      )
      allowKey(place, writeKey)
    }
  }
  const allowKey = (place: BucketPlace, actions: readonly string[]): void => {
    if (place.keyArn !== undefined) allow(actions, [place.keyArn])
  }

  if (may.checkpoints !== undefined) table(places.checkpoints, may.checkpoints)
  if (may.gates !== undefined) table(places.gates, may.gates)
  if (may.staging !== undefined) objects(places.staging, may.staging)
  if (may.archive !== undefined) objects(places.archive, may.archive)
  if (may.sources === 'read') {
    for (const source of places.sources.values()) {
      allow(
        ['s3:GetObject', 's3:GetObjectVersion'],
        source.prefixes.map((prefix) => `${source.arn}/${prefix}*`),
        'a segment reads every object below the prefix that its migration names',
      )
      allow(['s3:ListBucket'], [source.arn])
      allowKey(source, readKey)
    }
  }
  if (may.targets !== undefined) {
    for (const target of places.targets.values()) table(target, targetActions[may.targets])
  }
  topics(may, places, allow)
  executions(scope, may, places, allow)
  if (may.hashing && places.piiKeyArn !== undefined) allow(['kms:GenerateMac'], [places.piiKeyArn])
  return found
}

function executions(scope: Construct, may: Grants, { environment }: Places, allow: Allow): void {
  const migrate = nameIn(environment, 'migrate')
  const stage = nameIn(environment, 'stage')
  if (may.executions === 'inspect') {
    allow(
      ['states:DescribeExecution', 'states:ListMapRuns'],
      [executionsArn(scope, migrate), executionsArn(scope, stage)],
      'executions get their names when they start; these are those of the two state machines',
    )
    allow(['states:DescribeMapRun'], [mapRunsArn(scope, stage)], 'map runs get their names when they start')
  }
  // A task token is authorised by the ARN of the state machine that gave it out.
  if (may.executions === 'answer') allow(['states:SendTaskSuccess'], [stateMachineArn(scope, migrate)])
}

function topics(may: Grants, places: Places, allow: Allow): void {
  if (may.approvalTopic !== undefined) {
    allow(
      may.approvalTopic.map((action) => `sns:${action}`),
      [places.approvalTopicArn],
    )
  }
  if (may.noticeTopic !== undefined) {
    allow(
      may.noticeTopic.map((action) => `sns:${action}`),
      [places.noticeTopicArn],
    )
  }
  const publishes = [...(may.approvalTopic ?? []), ...(may.noticeTopic ?? [])].includes('Publish')
  if (publishes) allow(['kms:Decrypt', 'kms:GenerateDataKey'], [places.keyArn])
}

const writes = (action: string): boolean => /^(Put|Update|Delete|BatchWrite)/.test(action)
