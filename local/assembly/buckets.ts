import { z } from 'zod'
import { arnOf, nameOf } from './arns.ts'
import type { Deployment } from './deployment.ts'
import { encryptionKeyArn } from './keys.ts'
import type { BucketModel, PolicyStatement } from './model.ts'
import { PolicyDocument, readPolicy } from './policies.ts'
import { readProperties, refuseProperty } from './properties.ts'

const BucketProperties = z.strictObject({
  BucketName: z.string().optional(),
  VersioningConfiguration: z.strictObject({ Status: z.enum(['Enabled', 'Suspended']) }).optional(),
  ObjectLockEnabled: z.boolean().default(false),
  ObjectLockConfiguration: z
    .strictObject({
      ObjectLockEnabled: z.literal('Enabled').optional(),
      Rule: z
        .strictObject({
          DefaultRetention: z.strictObject({
            Mode: z.enum(['GOVERNANCE', 'COMPLIANCE']),
            Days: z.int().positive(),
          }),
        })
        .optional(),
    })
    .optional(),
  BucketEncryption: z
    .strictObject({
      ServerSideEncryptionConfiguration: z
        .array(
          z.strictObject({
            ServerSideEncryptionByDefault: z.strictObject({
              SSEAlgorithm: z.enum(['AES256', 'aws:kms']),
              KMSMasterKeyID: z.string().optional(),
            }),
          }),
        )
        .length(1),
    })
    .optional(),
})
const BucketPolicyProperties = z.strictObject({ Bucket: z.string(), PolicyDocument })

export const bucketTypes = ['AWS::S3::Bucket', 'AWS::S3::BucketPolicy']

export function readBuckets(deployment: Deployment): BucketModel[] {
  const buckets = deployment.ofType('AWS::S3::Bucket')
  const policies = new Map<string, readonly PolicyStatement[]>()
  for (const resource of deployment.ofType('AWS::S3::BucketPolicy')) {
    const given = readProperties(deployment, resource, BucketPolicyProperties)
    if (!buckets.some((bucket) => nameOf(bucket, deployment) === given.Bucket)) {
      refuseProperty(resource, 'Bucket', `${given.Bucket} is not a bucket here`)
    }
    if (policies.has(given.Bucket)) refuseProperty(resource, 'Bucket', `${given.Bucket} has a policy already`)
    policies.set(given.Bucket, readPolicy(resource, 'PolicyDocument', given.PolicyDocument))
  }
  return buckets.map((resource) => {
    const given = readProperties(deployment, resource, BucketProperties)
    const name = nameOf(resource, deployment)
    const rule = given.BucketEncryption?.ServerSideEncryptionConfiguration[0]?.ServerSideEncryptionByDefault
    const keyPath =
      'BucketEncryption.ServerSideEncryptionConfiguration[0].ServerSideEncryptionByDefault.KMSMasterKeyID'
    const retention = given.ObjectLockConfiguration?.Rule?.DefaultRetention
    if (retention && !given.ObjectLockEnabled) {
      refuseProperty(resource, 'ObjectLockConfiguration', 'needs ObjectLockEnabled')
    }
    const keyArn = encryptionKeyArn(deployment, resource, keyPath, rule?.KMSMasterKeyID)
    return {
      name,
      arn: arnOf(resource, deployment),
      policy: policies.get(name) ?? [],
      // Object Lock implies versioning: S3 turns it on.
      versioned: given.VersioningConfiguration?.Status === 'Enabled' || given.ObjectLockEnabled,
      objectLock: given.ObjectLockEnabled,
      ...(retention && { retention: { mode: retention.Mode, days: retention.Days } }),
      ...(keyArn === undefined ? {} : { keyArn }),
    }
  })
}
