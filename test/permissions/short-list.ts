import { ownerOf, type GrantedAction } from './granted-actions.ts'

interface Entry {
  /** Whose they are; absent: of all that have them. */
  readonly of?: readonly string[]
  readonly actions: readonly string[]
  /** Part of what they are on; absent: whatever it is. */
  readonly on?: string
  readonly why: string
  /** Whether the course needs them depends on which of two functions comes first. */
  readonly raced?: true
}

/** Granted actions that the course does without, or whose lack does not show as AccessDenied, and why they stay. */
export const shortList: readonly Entry[] = [
  {
    actions: ['logs:CreateLogStream', 'logs:PutLogEvents'],
    why: 'Lambda writes the log of a function under its role; on one machine it is a file',
  },
  {
    actions: [
      ...['xray:PutTraceSegments', 'xray:PutTelemetryRecords'],
      ...['xray:GetSamplingRules', 'xray:GetSamplingTargets'],
    ],
    why: 'traces of functions and state machines; on one machine there are none',
  },
  {
    of: ['MigrateMachine', 'StageMachine', 'WindowMachine'],
    actions: [
      ...[
        'logs:CreateLogDelivery',
        'logs:GetLogDelivery',
        'logs:UpdateLogDelivery',
        'logs:DeleteLogDelivery',
      ],
      ...['logs:ListLogDeliveries', 'logs:PutResourcePolicy', 'logs:DescribeResourcePolicies'],
      'logs:DescribeLogGroups',
    ],
    why: 'Step Functions logs to CloudWatch under them (developer guide, "Logging"); on one machine there is the journal',
  },
  {
    actions: ['s3:GetObjectVersion'],
    why: 'reads the very version that was planned, where the source bucket has versions; the S3 of one machine has none',
  },
  {
    of: [
      ...['BeginStage', 'FindDuplicates', 'FindUnexpected', 'FreezeManifest'],
      ...['Judge', 'ScanRange', 'SelectBatches', 'SurveySource'],
    ],
    actions: ['s3:ListBucket'],
    on: 'archive-',
    why: 'tells what is gone from the archive from what may not be read',
  },
  {
    of: ['AwaitDecision', 'DecideGate', 'ShowGate'],
    actions: ['s3:ListBucket'],
    on: 'evidence-',
    why: 'tells evidence that is gone (EvidenceAltered) from what may not be read',
  },
  {
    of: ['Load', 'Reconcile', 'Transform'],
    actions: ['s3:ListBucket'],
    on: 'staging-',
    why: 'tells a staged object that has expired (StagedObjectMissing) from one that may not be read',
  },
  {
    of: ['Extract', 'Reconcile', 'ScanRange'],
    actions: ['s3:ListBucket'],
    on: 'source-',
    why: 'tells a source object that was deleted meanwhile (SourceChanged) from one that may not be read',
  },
  {
    of: ['SurveySource'],
    actions: ['s3:GetObject'],
    on: 'archive-/surveys/*',
    why: 'names what changed, where a source and the definition have both changed under loaded batches (SourceChanged)',
  },
  {
    of: ['StageMachine'],
    actions: ['states:DescribeExecution'],
    why: 'a Distributed Map needs it (developer guide, "IAM policies for using Distributed Map states"); the local engine knows its children',
  },
  {
    of: ['StageMachine'],
    actions: ['s3:GetObject', 's3:AbortMultipartUpload', 's3:ListMultipartUploadParts'],
    on: 'map-results/*',
    why: 'a ResultWriter uploads in parts (same page); the local engine writes each file at once',
  },
  {
    of: ['MigrateMachine'],
    actions: ['states:StopExecution'],
    why: 'without it an aborted run leaves its stage at work, and nothing fails: the next run is refused (LockHeld) until that has ended',
  },
  {
    of: ['Load'],
    actions: ['dynamodb:UpdateItem'],
    why: "changes items that are there already: segments with holds: 'records'; the demo's table begins empty",
  },
  {
    of: ['Key', 'MailNotices'],
    actions: ['kms:Decrypt', 'kms:GenerateDataKey*', 'sns:Publish'],
    why: 'CloudWatch publishes alarms; on one machine there are none',
  },
  {
    of: ['WindowMachine', 'AwaitWindow'],
    actions: [
      ...['lambda:InvokeFunction', 'dynamodb:GetItem', 'dynamodb:PutItem'],
      ...['sns:Publish', 'kms:Decrypt', 'kms:GenerateDataKey'],
    ],
    why: 'waits for a calendar; the demo names none. test/scenarios/calendar.test.ts waits under these very grants',
  },
  {
    of: ['DecideGate', 'ShowGate'],
    actions: ['dynamodb:GetItem'],
    on: 'table/guesses',
    why: 'looks who guesses: nobody does in the demo; test/scenarios/attacks.test.ts does, under these very grants',
  },
  {
    of: ['DecideGate'],
    actions: ['dynamodb:UpdateItem'],
    on: 'table/guesses',
    why: 'counts who guesses, as above',
  },
  {
    of: ['Act', 'DecideGate'],
    actions: ['dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:Query'],
    on: 'table/log',
    raced: true,
    why: 'whichever of the two comes first appends a decision to the log; one that cannot be appended at once stands',
  },
  {
    of: ['Act', 'DecideGate'],
    actions: ['s3:PutObject', 'kms:Sign', 'kms:GenerateDataKey'],
    raced: true,
    why: 'signs and copies what either appends to the log, as above',
  },
  {
    actions: ['lambda:InvokeFunction'],
    on: 'RecordFailureFunction',
    why: 'EventBridge tells of a call that is refused in its metric FailedInvocations alone; the alarm failed-run does not depend on it',
  },
  ...['ShowGateFunction', 'DecideGateFunction'].map((on) => ({
    actions: ['lambda:InvokeFunction'],
    on,
    why: 'API Gateway answers 500 to whoever opens the link, and tells of it in its access log and its metric 5xx',
  })),
  {
    of: ['AccessLogs'],
    actions: ['s3:PutObject'],
    why: 'S3 writes server access logs; on one machine there are none',
  },
]

/** Parts of what an action is granted on that the course does not come to. The action itself is tried. */
export const idleParts: readonly Entry[] = [
  {
    of: ['Act'],
    actions: ['dynamodb:PutItem'],
    on: 'table/lockgate-dev-gates',
    raced: true,
    why: 'takes out of the outbox what it has appended to the log; decide-gate may have done so before',
  },
  {
    of: ['MigrateMachine'],
    actions: ['states:StartExecution', 'states:DescribeExecution'],
    on: '-window',
    why: 'waits for a calendar; the demo names none. test/scenarios/calendar.test.ts waits under these very grants',
  },
  {
    of: ['AwaitDecision'],
    actions: ['dynamodb:PutItem'],
    on: 'table/lockgate-dev-checkpoints',
    why: 'sends a stage back whose evidence was altered',
  },
  {
    of: ['Load'],
    actions: ['s3:GetObject'],
    on: '/undo/',
    why: 'reads the undo chunk that a load had written before it was cut off',
  },
  {
    of: ['Transform'],
    actions: ['s3:GetObject'],
    on: '/transformed/',
    why: 'reads the chunks that a transform had finished before it was cut off',
  },
  {
    of: ['Reconcile'],
    actions: ['s3:GetObject'],
    on: '/transformed/',
    why: 'names the fields of a record that was mapped differently the second time',
  },
  {
    of: ['Reconcile'],
    actions: ['s3:GetObject'],
    on: '/control-sums/',
    why: 'reads the control sums that a reconcile had kept before it was cut off',
  },
  {
    of: ['StageMachine'],
    actions: ['states:RedriveExecution'],
    on: '/ScanRanges:',
    why: 'a stage whose scan has failed is redriven as one whose batches have',
  },
]

const entryFor = (grant: GrantedAction): Entry | undefined =>
  shortList.find((entry) => isAbout(entry, grant, grant.on))

export const reasonFor = (grant: GrantedAction): string | undefined => entryFor(grant)?.why

/** Whether it is on the list for what it is in some runs only. */
export const isRaced = (grant: GrantedAction): boolean => entryFor(grant)?.raced ?? false

/** `part` is an ARN or a pattern of ARNs. */
export const reasonForIdle = ({ grant, part }: IdlePart): string | undefined =>
  idleParts.find((entry) => isAbout(entry, grant, part))?.why

export interface IdlePart {
  readonly grant: GrantedAction
  readonly part: string
}

/** Entries that are about nothing that is granted, or about nothing that is idle. */
export function stale(grants: readonly GrantedAction[], idle: readonly IdlePart[]): string[] {
  return [
    ...shortList.filter((entry) => !grants.some((grant) => isAbout(entry, grant, grant.on))),
    ...idleParts.filter(
      (entry) => !entry.raced && !idle.some(({ grant, part }) => isAbout(entry, grant, part)),
    ),
  ].map(({ of, actions, why }) => `${of?.join(', ') ?? 'all'} ${actions.join(', ')}: ${why}`)
}

const isAbout = ({ of, actions, on = '' }: Entry, grant: GrantedAction, part: string): boolean =>
  actions.includes(grant.action) && (of?.includes(ownerOf(grant)) ?? true) && part.includes(on)
