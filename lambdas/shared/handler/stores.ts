import { dynamoDbCheckpointStore } from '../adapters/dynamodb-checkpoint-store/checkpoint-store.ts'
import { decisionLog } from '../adapters/decision-log/decision-log.ts'
import { dynamoDbLogStore } from '../adapters/decision-log/dynamodb-log-store.ts'
import { kmsSigner } from '../adapters/decision-log/kms-signer.ts'
import { dynamoDbRunStore } from '../adapters/dynamodb-run-store/run-store.ts'
import { dynamoDbTarget } from '../adapters/dynamodb-target/target.ts'
import { kmsPiiHasher } from '../adapters/kms-pii-hasher.ts'
import { s3ObjectStore } from '../adapters/s3-object-store.ts'
import { s3Source } from '../adapters/s3-source/s3-source.ts'
import { ssmCalendars } from '../adapters/ssm-calendars.ts'
import { snsNotifier } from '../adapters/sns-notifier/notifier.ts'
import { systemClock } from '../adapters/system-clock.ts'
import type { Segment } from '../domain/definition/segment.ts'
import type { Meter } from '../ports/meter.ts'
import type { PiiHasher } from '../ports/pii-hasher.ts'
import { documentClient, kmsClient, s3Client, snsClient, ssmClient, targetClient } from './clients.ts'
import { calendarArn, setting, sourceBucket, targetTable } from './settings.ts'

/** The stores of this deployment, as the environment of the function names them. */
export const archiveStore = () => s3ObjectStore(s3Client(), setting('archiveBucket'))
export const evidenceStore = () => s3ObjectStore(s3Client(), setting('evidenceBucket'))
export const stagingStore = () => s3ObjectStore(s3Client(), setting('stagingBucket'))
export const runStore = () => dynamoDbRunStore(documentClient(), setting('checkpointTable'))
export const checkpointStore = () => dynamoDbCheckpointStore(documentClient(), setting('checkpointTable'))

export const decisionLogStore = () =>
  decisionLog({
    entries: dynamoDbLogStore(documentClient(), setting('logTable')),
    copies: evidenceStore(),
    signer: kmsSigner(kmsClient(), setting('logKey')),
  })

export const segmentSource = ({ source }: Segment) =>
  s3Source({ s3: s3Client(), bucket: sourceBucket(source.at), spec: source })

/** With a meter, throttled requests are counted. */
export const segmentTarget = (segment: Segment, metrics?: Meter) =>
  dynamoDbTarget({
    client: targetClient(),
    table: targetTable(segment.target.at),
    segment,
    clock: systemClock,
    ...(metrics && { onThrottle: () => metrics.count('TargetThrottles') }),
  })

let hasher: PiiHasher | undefined
/** Keeps the derived key as long as the process lives. */
export const piiHasher = () => (hasher ??= kmsPiiHasher(kmsClient(), () => setting('piiKey')))

export const changeCalendars = () => ssmCalendars(ssmClient(), calendarArn)

export const approvalMails = () => snsNotifier(snsClient(), { approval: setting('approvalTopic') })
export const operatorMails = () => snsNotifier(snsClient(), { notice: setting('noticeTopic') })
