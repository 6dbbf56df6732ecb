import { Duration, RemovalPolicy } from 'aws-cdk-lib'
import type { IKey } from 'aws-cdk-lib/aws-kms'
import {
  BlockPublicAccess,
  Bucket,
  BucketEncryption,
  ObjectLockRetention,
  ObjectOwnership,
  type IBucket,
} from 'aws-cdk-lib/aws-s3'
import { Construct } from 'constructs'
import type { Settings } from '../config.ts'
import { bucketArn, type BucketPlace } from '../names.ts'

export interface KeptBucketProps {
  readonly bucketName: string
  readonly key: IKey
  readonly accessLogs: IBucket
  readonly versioned: boolean
  /** Days after which objects expire; they stay where it is absent. */
  readonly expiryDays?: number
  /** Locks each object as it is written; asks for versions. */
  readonly retention?: Settings['retention']
}

/** A bucket that is retained, encrypted with the key, reached over TLS only, and never public. */
export class KeptBucket extends Construct {
  readonly place: BucketPlace

  constructor(scope: Construct, id: string, props: KeptBucketProps) {
    super(scope, id)
    new Bucket(this, 'Bucket', {
      bucketName: props.bucketName,
      encryption: BucketEncryption.KMS,
      encryptionKey: props.key,
      bucketKeyEnabled: true,
      enforceSSL: true,
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      objectOwnership: ObjectOwnership.BUCKET_OWNER_ENFORCED,
      versioned: props.versioned,
      ...(props.retention && {
        objectLockEnabled: true,
        objectLockDefaultRetention: lockOf(props.retention),
      }),
      removalPolicy: RemovalPolicy.RETAIN,
      serverAccessLogsBucket: props.accessLogs,
      serverAccessLogsPrefix: `${id.toLowerCase()}/`,
      lifecycleRules: [
        {
          abortIncompleteMultipartUploadAfter: Duration.days(7),
          ...(props.expiryDays === undefined ? {} : { expiration: Duration.days(props.expiryDays) }),
        },
      ],
    })
    this.place = { name: props.bucketName, arn: bucketArn(this, props.bucketName), keyArn: props.key.keyArn }
  }
}

function lockOf({ mode, days }: Settings['retention']): ObjectLockRetention {
  const duration = Duration.days(days)
  return mode === 'COMPLIANCE'
    ? ObjectLockRetention.compliance(duration)
    : ObjectLockRetention.governance(duration)
}

/** The bucket of server access logs. S3 delivers them to buckets with its own encryption only. */
export function accessLogsBucket(scope: Construct, id: string, bucketName: string): IBucket {
  const bucket = new Bucket(scope, id, {
    bucketName,
    encryption: BucketEncryption.S3_MANAGED,
    enforceSSL: true,
    blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
    objectOwnership: ObjectOwnership.BUCKET_OWNER_ENFORCED,
    removalPolicy: RemovalPolicy.RETAIN,
    lifecycleRules: [
      { expiration: Duration.days(365), abortIncompleteMultipartUploadAfter: Duration.days(7) },
    ],
  })
  // The library is compiled without exactOptionalPropertyTypes, by which its own class is not its own interface.
  return bucket as IBucket
}
