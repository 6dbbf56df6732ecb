import {
  Duration,
  Stack,
  aws_dynamodb as dynamodb,
  aws_kms as kms,
  aws_s3 as s3,
  aws_sns as sns,
  aws_sns_subscriptions as subscriptions,
} from 'aws-cdk-lib'
import { describe, expect, it } from 'vitest'
import { physicalName } from '../../../../local/assembly/names.ts'
import { account, load, loadStack, region, synthesise } from './synthesised.ts'

describe('tables', () => {
  const keys = {
    partitionKey: { name: 'pk', type: dynamodb.AttributeType.STRING },
    sortKey: { name: 'sk', type: dynamodb.AttributeType.NUMBER },
  }
  it('come with the input of CreateTable', async () => {
    const { tables } = await loadStack((stack) => {
      const table = new dynamodb.TableV2(stack, 'Places', {
        ...keys,
        timeToLiveAttribute: 'ttl',
        pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
      })
      table.addGlobalSecondaryIndex({
        indexName: 'byName',
        partitionKey: { name: 'name', type: dynamodb.AttributeType.STRING },
      })
    })
    expect(tables).toEqual([
      {
        name: 'Test-PlacesD4F6256A',
        arn: 'arn:aws:dynamodb:us-east-1:000000000000:table/Test-PlacesD4F6256A',
        create: {
          TableName: 'Test-PlacesD4F6256A',
          BillingMode: 'PAY_PER_REQUEST',
          AttributeDefinitions: [
            { AttributeName: 'pk', AttributeType: 'S' },
            { AttributeName: 'sk', AttributeType: 'N' },
            { AttributeName: 'name', AttributeType: 'S' },
          ],
          KeySchema: [
            { AttributeName: 'pk', KeyType: 'HASH' },
            { AttributeName: 'sk', KeyType: 'RANGE' },
          ],
          GlobalSecondaryIndexes: [
            {
              IndexName: 'byName',
              KeySchema: [{ AttributeName: 'name', KeyType: 'HASH' }],
              Projection: { ProjectionType: 'ALL' },
            },
          ],
        },
      },
    ])
  })
  it('of both types know their customer managed key', async () => {
    const directory = synthesise((app) => {
      const stack = new Stack(app, 'Test', { env: { account, region } })
      const key = new kms.Key(stack, 'Key')
      new dynamodb.Table(stack, 'A', {
        ...keys,
        encryption: dynamodb.TableEncryption.CUSTOMER_MANAGED,
        encryptionKey: key,
      })
      new dynamodb.TableV2(stack, 'B', {
        ...keys,
        encryption: dynamodb.TableEncryptionV2.customerManagedKey(key),
      })
      new dynamodb.TableV2(stack, 'C', { ...keys, encryption: dynamodb.TableEncryptionV2.awsManagedKey() })
    })
    const { tables, keys: known } = await load(directory)
    expect(tables.map(({ keyArn }) => keyArn)).toEqual([known[0]?.arn, known[0]?.arn, undefined])
  })
})

describe('buckets, topics and keys', () => {
  it('know policy, versioning, key and subscriptions', async () => {
    const { buckets, topics, keys } = await loadStack((stack) => {
      const key = new kms.Key(stack, 'Key', { alias: 'lockgate' })
      new s3.Bucket(stack, 'Evidence', {
        encryptionKey: key,
        bucketKeyEnabled: true,
        enforceSSL: true,
        objectLockEnabled: true,
        objectLockDefaultRetention: s3.ObjectLockRetention.governance(Duration.days(30)),
      })
      const topic = new sns.Topic(stack, 'Gates', {
        masterKey: key,
        displayName: 'Lockgate',
        topicName: 'gates',
      })
      const filterPolicy = { approver: sns.SubscriptionFilter.stringFilter({ allowlist: ['a@example.com'] }) }
      topic.addSubscription(new subscriptions.EmailSubscription('a@example.com', { filterPolicy }))
    })
    const keyArn = keys[0]?.arn
    expect(keys).toMatchObject([
      { spec: 'SYMMETRIC_DEFAULT', usage: 'ENCRYPT_DECRYPT', aliases: ['alias/lockgate'] },
    ])
    expect(buckets).toMatchObject([
      { versioned: true, objectLock: true, retention: { mode: 'GOVERNANCE', days: 30 }, keyArn },
    ])
    expect(buckets[0]?.policy).toMatchObject([
      {
        effect: 'Deny',
        actions: ['s3:*'],
        principals: ['*'],
        conditions: { Bool: { 'aws:SecureTransport': 'false' } },
      },
    ])
    expect(topics).toMatchObject([
      {
        arn: 'arn:aws:sns:us-east-1:000000000000:gates',
        displayName: 'Lockgate',
        keyArn,
        subscriptions: [
          { protocol: 'email', endpoint: 'a@example.com', filterPolicy: { approver: ['a@example.com'] } },
        ],
      },
    ])
  })
  it('knows keys that sign', async () => {
    const { keys } = await loadStack((stack) => {
      new kms.Key(stack, 'Log', { keySpec: kms.KeySpec.ECC_NIST_P256, keyUsage: kms.KeyUsage.SIGN_VERIFY })
    })
    expect(keys).toMatchObject([{ spec: 'ECC_NIST_P256', usage: 'SIGN_VERIFY', aliases: [] }])
  })
})

describe('names', () => {
  it('are lower case and short where the service wants it, and stay the same', () => {
    const rules = { longest: 63, lowerCase: true }
    const name = physicalName('LockgateStorage', 'A'.repeat(80), rules)
    expect(name).toMatch(/^lockgatestorage-a+-[0-9a-f]{8}$/)
    expect(name).toHaveLength(63)
    expect(physicalName('LockgateStorage', 'A'.repeat(80), rules)).toBe(name)
    expect(physicalName('LockgateStorage', 'A'.repeat(81), rules)).not.toBe(name)
  })
})
