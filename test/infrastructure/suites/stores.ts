import { describe, expect, it } from 'vitest'
import { flat, ofType, type Resource, type Synthesised } from '../synthesised.ts'

export function storesSuite({ stateful }: Synthesised): void {
  const properties = (resource: Resource): string => JSON.stringify(resource.Properties)
  const policyOf = (id: string): string =>
    JSON.stringify(
      ofType(stateful, 'AWS::S3::BucketPolicy').find(
        ([, { Properties }]) => flat(Properties['Bucket']) === `<${id}>`,
      )?.[1].Properties,
    )
  const tables = ofType(stateful, 'AWS::DynamoDB::Table')
  const buckets = ofType(stateful, 'AWS::S3::Bucket')
  const keys = ofType(stateful, 'AWS::KMS::Key')
  const bucket = (name: string): Resource => {
    const found = buckets.find(([, { Properties }]) =>
      flat(Properties['BucketName']).startsWith(`lockgate-dev-${name}-<`),
    )
    if (found === undefined) throw new Error(`there is no bucket ${name}`)
    return found[1]
  }

  describe('what is kept', () => {
    it('is there', () => {
      expect(tables.map(([, { Properties }]) => Properties['TableName']).sort()).toEqual([
        'lockgate-dev-checkpoints',
        'lockgate-dev-gates',
        'lockgate-dev-log',
        'lockgate-dev-target-places',
      ])
      expect(buckets.map(([, { Properties }]) => flat(Properties['BucketName'])).sort()).toEqual(
        ['access-logs', 'archive', 'evidence', 'source-legacyexport', 'staging'].map(
          (name) => `lockgate-dev-${name}-<AWS::AccountId>`,
        ),
      )
    })

    it.each([...tables, ...buckets, ...keys])(
      '%s survives its stack',
      (_id, { DeletionPolicy, UpdateReplacePolicy }) => {
        expect({ DeletionPolicy, UpdateReplacePolicy }).toEqual({
          DeletionPolicy: 'Retain',
          UpdateReplacePolicy: 'Retain',
        })
      },
    )
  })

  describe('tables', () => {
    it.each(tables)(
      '%s can be restored, is protected, on demand, and encrypted with the key',
      (_id, { Properties }) => {
        expect(Properties).toMatchObject({
          BillingMode: 'PAY_PER_REQUEST',
          DeletionProtectionEnabled: true,
          PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
          SSESpecification: { SSEEnabled: true, SSEType: 'KMS' },
        })
        expect(properties({ Type: '', Properties, Metadata: {} })).toContain('KMSMasterKeyId')
      },
    )

    it('gives a created target the key of its migration', () => {
      const [, { Properties }] =
        tables.find(([, t]) => t.Properties['TableName'] === 'lockgate-dev-target-places') ?? tables[0]!
      expect(Properties).toMatchObject({
        KeySchema: [
          { AttributeName: 'pk', KeyType: 'HASH' },
          { AttributeName: 'sk', KeyType: 'RANGE' },
        ],
        AttributeDefinitions: [
          { AttributeName: 'pk', AttributeType: 'S' },
          { AttributeName: 'sk', AttributeType: 'S' },
        ],
      })
    })
  })

  describe('buckets', () => {
    it.each(buckets)('%s is not public, has no ACLs, and is reached over TLS only', (id, { Properties }) => {
      expect(Properties).toMatchObject({
        PublicAccessBlockConfiguration: {
          BlockPublicAcls: true,
          BlockPublicPolicy: true,
          IgnorePublicAcls: true,
          RestrictPublicBuckets: true,
        },
        OwnershipControls: { Rules: [{ ObjectOwnership: 'BucketOwnerEnforced' }] },
      })
      expect(policyOf(id)).toContain('"Condition":{"Bool":{"aws:SecureTransport":"false"}},"Effect":"Deny"')
    })

    it.each(['archive', 'evidence', 'staging', 'source-legacyexport'])(
      '%s is encrypted with the key, and its access is logged',
      (name) => {
        const { Properties } = bucket(name)
        expect(Properties).toMatchObject({
          BucketEncryption: {
            ServerSideEncryptionConfiguration: [
              { BucketKeyEnabled: true, ServerSideEncryptionByDefault: { SSEAlgorithm: 'aws:kms' } },
            ],
          },
        })
        expect(properties(bucket(name))).toContain('DestinationBucketName')
      },
    )

    it('keeps every version in the archive, and expires nothing there', () => {
      expect(bucket('archive').Properties).toMatchObject({ VersioningConfiguration: { Status: 'Enabled' } })
      expect(properties(bucket('archive'))).not.toContain('ExpirationInDays')
    })

    it('keeps every version of evidence, locked as the settings say', () => {
      const { Properties } = bucket('evidence')
      expect(Properties).toMatchObject({
        VersioningConfiguration: { Status: 'Enabled' },
        ObjectLockEnabled: true,
        ObjectLockConfiguration: {
          ObjectLockEnabled: 'Enabled',
          Rule: { DefaultRetention: { Mode: 'GOVERNANCE', Days: 365 } },
        },
      })
      expect(properties(bucket('evidence'))).not.toContain('ExpirationInDays')
    })

    it('expires what is staged, and gives up unfinished uploads', () => {
      expect(bucket('staging').Properties['LifecycleConfiguration']).toEqual({
        Rules: [
          {
            Status: 'Enabled',
            ExpirationInDays: 30,
            AbortIncompleteMultipartUpload: { DaysAfterInitiation: 7 },
          },
        ],
      })
    })
  })

  describe('keys', () => {
    it('rotates the key of the stores', () => {
      expect(keys.filter(([, { Properties }]) => Properties['KeySpec'] === undefined)).toHaveLength(1)
      expect(keys[0]?.[1].Properties).toMatchObject({ EnableKeyRotation: true })
    })

    it('signs the decision log with a key of its own, which signs and does nothing else', () => {
      const signing = keys.filter(([, { Properties }]) => Properties['KeyUsage'] === 'SIGN_VERIFY')
      expect(signing.map(([, { Properties }]) => Properties['KeySpec'])).toEqual(['ECC_NIST_P256'])
    })
  })
}
