import { Stack } from 'aws-cdk-lib'
import { PolicyStatement } from 'aws-cdk-lib/aws-iam'
import type { Construct } from 'constructs'
import { batchFunctions, type Grants, type ObjectGrants } from './grants.ts'
import {
  executionsArn,
  functionArn,
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
  readonly log: TablePlace
  readonly guesses: TablePlace
  readonly staging: BucketPlace
  readonly archive: BucketPlace
  readonly evidence: BucketPlace
  /** Those that migrations read, each with the prefixes that they read. */
  readonly sources: ReadonlyMap<string, BucketPlace & { readonly prefixes: readonly string[] }>
  /** Those that migrations load. */
  readonly targets: ReadonlyMap<string, TablePlace>
  /** ARNs of the calendars that migrations wait for. */
  readonly calendars: ReadonlyMap<string, string>
  readonly approvalTopicArn: string
  readonly noticeTopicArn: string
  /** Key of topics. */
  readonly keyArn: string
  /** Absent when no migration hashes. */
  readonly piiKeyArn: string | undefined
  /** Signs the entries of the decision log. */
  readonly logKeyArn: string
}

/** A statement, and why a resource of it ends in `*` where one does. */
export interface Grant {
  readonly statement: PolicyStatement
  readonly why?: string
}

/** The one way in which entries are signed. */
const signing = { 'kms:SigningAlgorithm': 'ECDSA_SHA_256', 'kms:MessageType': 'DIGEST' }

const targetActions = {
  read: ['BatchGetItem'],
  write: ['BatchGetItem', 'PutItem', 'UpdateItem'],
  scan: ['Scan'],
  describe: ['DescribeTable'],
} as const

interface More {
  /** Why a resource ends in `*`. */
  readonly why?: string
  readonly conditions?: Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>
}
type Allow = (actions: readonly string[], resources: readonly string[], more?: More) => void
type AllowKey = (
  keyArn: string | undefined,
  actions: readonly string[],
  service: 's3' | 'dynamodb' | 'sns',
) => void

/** The policy of a function, from its line in the table of grants. */
export function grantStatements(scope: Construct, may: Grants, places: Places): Grant[] {
  const found: Grant[] = []
  const allow: Allow = (actions, resources, { why, conditions } = {}) => {
    const statement = new PolicyStatement({
      actions: [...actions],
      resources: [...resources],
      ...(conditions && { conditions }),
    })
    found.push(why === undefined ? { statement } : { statement, why })
  }
  /** Only by way of the service that keeps something under the key, never at KMS itself. */
  const allowKey: AllowKey = (keyArn, actions, service) => {
    if (keyArn === undefined) return
    const via = `${service}.*.${Stack.of(scope).urlSuffix}`
    allow(actions, [keyArn], { conditions: { StringLike: { 'kms:ViaService': via } } })
  }
  const table = (place: TablePlace, actions: readonly string[]): void => {
    allow(
      actions.map((action) => `dynamodb:${action}`),
      [place.arn],
    )
    // DynamoDB decrypts the key of the table as its caller, for writing as well; describing it decrypts nothing.
    if (actions.join() !== 'DescribeTable') allowKey(place.keyArn, ['kms:Decrypt'], 'dynamodb')
  }
  /** Listing also makes an object that is not there be answered with 404, and not with 403. */
  const listing = (place: BucketPlace, prefixes: readonly string[]): void => {
    const conditions = { StringLike: { 's3:prefix': prefixes.map((prefix) => `${prefix}*`) } }
    if (prefixes.length > 0) allow(['s3:ListBucket'], [place.arn], { conditions })
  }
  const objects = (place: BucketPlace, { read = [], write = [], list = [] }: ObjectGrants): void => {
    const below = (prefix: string) => `${place.arn}/${prefix}/*`
    const why = 'the names of the objects below a prefix follow from the data'
    listing(
      place,
      [...read, ...list].map((prefix) => `${prefix}/`),
    )
    if (read.length > 0) {
      allow(['s3:GetObject'], read.map(below), { why })
      allowKey(place.keyArn, ['kms:Decrypt'], 's3')
    }
    if (write.length > 0) {
      allow(['s3:PutObject'], write.map(below), { why })
      allowKey(place.keyArn, ['kms:GenerateDataKey'], 's3')
    }
  }

  if (may.checkpoints !== undefined) table(places.checkpoints, may.checkpoints)
  if (may.gates !== undefined) table(places.gates, may.gates)
  if (may.guesses !== undefined) table(places.guesses, may.guesses)
  if (may.staging !== undefined) objects(places.staging, may.staging)
  if (may.archive !== undefined) objects(places.archive, may.archive)
  if (may.evidence !== undefined) objects(places.evidence, may.evidence)
  if (may.decisionLog === 'append') {
    table(places.log, ['GetItem', 'PutItem', 'Query'])
    objects(places.evidence, { write: ['decision-log'] })
    allow(['kms:Sign'], [places.logKeyArn], { conditions: { StringEquals: signing } })
  }
  for (const source of may.sources === undefined ? [] : places.sources.values()) {
    listing(source, source.prefixes)
    if (may.sources === 'list') continue
    allow(
      ['s3:GetObject', 's3:GetObjectVersion'],
      source.prefixes.map((prefix) => `${source.arn}/${prefix}*`),
      { why: 'a segment reads every object below the prefix that its migration names' },
    )
    allowKey(source.keyArn, ['kms:Decrypt'], 's3')
  }
  if (may.targets !== undefined) {
    for (const target of places.targets.values()) table(target, targetActions[may.targets])
  }
  if (may.limits) {
    const functions = batchFunctions.map((name) => functionArn(scope, nameIn(places.environment, name)))
    allow(['lambda:GetFunctionConcurrency'], functions)
    // Knows no resource.
    allow(['lambda:GetAccountSettings'], ['*'])
  }
  if (may.calendars && places.calendars.size > 0)
    allow(['ssm:GetCalendarState'], [...places.calendars.values()])
  topics(may, places, allow, allowKey)
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
      { why: 'executions get their names when they start; these are those of the two state machines' },
    )
    allow(['states:DescribeMapRun'], [mapRunsArn(scope, stage)], {
      why: 'map runs get their names when they start',
    })
  }
  if (may.executions === 'explain') {
    allow(['states:ListMapRuns'], [executionsArn(scope, stage)], {
      why: 'executions of the stage machine get their names when they start',
    })
    allow(['states:DescribeMapRun', 'states:ListExecutions'], [mapRunsArn(scope, stage)], {
      why: 'map runs get their names when they start',
    })
    allow(['states:DescribeExecution'], [executionsArn(scope, stage, '*')], {
      why: 'children of map runs get their names when they start',
    })
  }
  // A task token is authorised by the ARN of the state machine that gave it out.
  if (may.executions === 'answer') allow(['states:SendTaskSuccess'], [stateMachineArn(scope, migrate)])
}

function topics(may: Grants, places: Places, allow: Allow, allowKey: AllowKey): void {
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
  if (publishes) allowKey(places.keyArn, ['kms:Decrypt', 'kms:GenerateDataKey'], 'sns')
}
