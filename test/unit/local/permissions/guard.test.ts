import * as dynamodb from '@aws-sdk/client-dynamodb'
import * as kms from '@aws-sdk/client-kms'
import * as s3 from '@aws-sdk/client-s3'
import * as sns from '@aws-sdk/client-sns'
import { describe, expect, it, test } from 'vitest'
import type { Assembly, PolicyStatement } from '../../../../local/assembly/model.ts'
import { createGuard, type GuardDecision } from '../../../../local/permissions/guard.ts'
import { assumedRoleArn } from '../../../../local/permissions/principals.ts'
import type { Service } from '../../../../local/permissions/request.ts'
import { Capture, clientSettings } from './captured.ts'

const capture = new Capture()
const settings = clientSettings(capture)
const objects = new s3.S3Client({ ...settings, forcePathStyle: true })
const items = new dynamodb.DynamoDBClient(settings)
const notifications = new sns.SNSClient(settings)
const scope = { account: '000000000000', region: 'us-east-1' }
const keyArn = 'arn:aws:kms:us-east-1:000000000000:key/1'
const roleArn = 'arn:aws:iam::000000000000:role/load'
const topicArn = 'arn:aws:sns:us-east-1:000000000000:gates'
const tableArn = 'arn:aws:dynamodb:us-east-1:000000000000:table/Places'
const functionArn = 'arn:aws:lambda:us-east-1:000000000000:function:load'

const allow = (
  actions: string[],
  resources: string[],
  more: Partial<PolicyStatement> = {},
): PolicyStatement => ({
  effect: 'Allow',
  actions,
  resources,
  conditions: {},
  ...more,
})
const data = allow(['s3:*Object', 'dynamodb:*', 'sns:Publish'], ['*'])

function guardWith(statements: PolicyStatement[], onDecision?: (decision: GuardDecision) => void) {
  const assembly: Assembly = {
    functions: [
      {
        name: 'load',
        arn: functionArn,
        codeDirectory: '',
        handler: '',
        environment: {},
        timeoutSeconds: 3,
        memoryMiB: 128,
        roleArn,
        versions: [],
        aliases: [],
        policy: [
          allow(['lambda:InvokeFunction'], [functionArn], {
            principals: ['events.amazonaws.com'],
            conditions: { ArnLike: { 'aws:SourceArn': 'arn:aws:events:us-east-1:000000000000:rule/failed' } },
          }),
        ],
      },
    ],
    stateMachines: [],
    calendars: [],
    roles: [{ name: 'load', arn: roleArn, statements, trust: [] }],
    tables: [{ name: 'Places', arn: tableArn, create: {}, keyArn }],
    buckets: [
      { name: 'b', arn: 'arn:aws:s3:::b', policy: [], versioned: false, objectLock: false, keyArn },
      { name: 'plain', arn: 'arn:aws:s3:::plain', policy: [], versioned: false, objectLock: false },
    ],
    topics: [{ name: 'gates', arn: topicArn, policy: [], keyArn, subscriptions: [] }],
    httpApis: [],
    rules: [],
    keys: [
      {
        id: '1',
        arn: keyArn,
        spec: 'SYMMETRIC_DEFAULT',
        usage: 'ENCRYPT_DECRYPT',
        aliases: ['alias/log'],
        policy: [allow(['kms:*'], ['*'], { principals: ['arn:aws:iam::000000000000:root'] })],
      },
    ],
    outputs: {},
  }
  return createGuard(assembly, scope, onDecision)
}

const caller = assumedRoleArn(roleArn, 'session')
async function lacks(statements: PolicyStatement[], service: Service, send: () => Promise<unknown>) {
  return guardWith(statements).refusalOf(caller, await capture.of(service, send))?.action
}
const get = (Bucket: string) => () => objects.send(new s3.GetObjectCommand({ Bucket, Key: 'k' }))
const put =
  (more: Partial<s3.PutObjectCommandInput> = {}) =>
  () =>
    objects.send(new s3.PutObjectCommand({ Bucket: 'b', Key: 'k', Body: 'x', ...more }))
const on = (...actions: string[]) => [data, allow(actions, [keyArn])]

describe('customer managed keys', () => {
  it('are needed to read an object', async () => {
    expect(await lacks([data], 's3', get('b'))).toBe('kms:Decrypt')
    expect(await lacks(on('kms:Decrypt'), 's3', get('b'))).toBeUndefined()
    expect(await lacks([data], 's3', get('plain'))).toBeUndefined()
  })
  it('are not needed for metadata', async () => {
    const head = () => objects.send(new s3.HeadObjectCommand({ Bucket: 'b', Key: 'k' }))
    expect(await lacks([data], 's3', head)).toBeUndefined()
  })
  it('are needed to write an object, unless the request says otherwise', async () => {
    expect(await lacks(on('kms:Decrypt'), 's3', put())).toBe('kms:GenerateDataKey')
    expect(await lacks(on('kms:GenerateDataKey*'), 's3', put())).toBeUndefined()
    expect(await lacks([data], 's3', put({ ServerSideEncryption: 'AES256' }))).toBeUndefined()
  })
  it('are needed for both ends of a copy', async () => {
    const copy = () =>
      objects.send(new s3.CopyObjectCommand({ Bucket: 'plain', Key: 'k', CopySource: 'b/k' }))
    expect(await lacks([data], 's3', copy)).toBe('kms:Decrypt')
  })
  it('are needed to begin a multipart upload, and to decrypt for its parts', async () => {
    const begin = () => objects.send(new s3.CreateMultipartUploadCommand({ Bucket: 'b', Key: 'k' }))
    const part = () =>
      objects.send(new s3.UploadPartCommand({ Bucket: 'b', Key: 'k', UploadId: 'u', PartNumber: 1 }))
    expect(await lacks(on('kms:Decrypt'), 's3', begin)).toBe('kms:GenerateDataKey')
    expect(await lacks(on('kms:GenerateDataKey'), 's3', part)).toBe('kms:Decrypt')
  })
  it('are needed to read and to write a table, not to describe it', async () => {
    const Key = { pk: { S: 'a' } }
    const write = () => items.send(new dynamodb.PutItemCommand({ TableName: 'Places', Item: Key }))
    const read = () => items.send(new dynamodb.QueryCommand({ TableName: 'Places', IndexName: 'byName' }))
    const describeTable = () => items.send(new dynamodb.DescribeTableCommand({ TableName: 'Places' }))
    expect(await lacks([data], 'dynamodb', write)).toBe('kms:Decrypt')
    expect(await lacks([data], 'dynamodb', read)).toBe('kms:Decrypt')
    expect(await lacks(on('kms:Decrypt'), 'dynamodb', write)).toBeUndefined()
    expect(await lacks([data], 'dynamodb', describeTable)).toBeUndefined()
  })
  it('are needed twice to publish', async () => {
    const publish = () => notifications.send(new sns.PublishCommand({ TopicArn: topicArn, Message: 'a' }))
    expect(await lacks(on('kms:Decrypt'), 'sns', publish)).toBe('kms:GenerateDataKey')
    expect(await lacks(on('kms:GenerateDataKey*'), 'sns', publish)).toBe('kms:Decrypt')
    expect(await lacks(on('kms:GenerateDataKey*', 'kms:Decrypt'), 'sns', publish)).toBeUndefined()
  })
  it('can be granted to one service only', async () => {
    const via = (service: string) => [
      data,
      allow(['kms:Decrypt'], [keyArn], {
        conditions: { StringEquals: { 'kms:ViaService': `${service}.us-east-1.amazonaws.com` } },
      }),
    ]
    expect(await lacks(via('s3'), 's3', get('b'))).toBeUndefined()
    expect(await lacks(via('dynamodb'), 's3', get('b'))).toBe('kms:Decrypt')
  })
})

describe('guard', () => {
  it('knows the key behind an alias', async () => {
    const keys = new kms.KMSClient(settings)
    const describeKey = () => keys.send(new kms.DescribeKeyCommand({ KeyId: 'alias/log' }))
    expect(await lacks(on('kms:DescribeKey'), 'kms', describeKey)).toBeUndefined()
    expect(await lacks(on('kms:Sign'), 'kms', describeKey)).toBe('kms:DescribeKey')
  })
  it('says as AWS does who lacks what', async () => {
    const request = await capture.of('s3', get('b'))
    expect(guardWith([]).refusalOf(caller, request)).toEqual({
      action: 's3:GetObject',
      resourceArn: 'arn:aws:s3:::b/k',
      message: `User: ${caller} is not authorized to perform: s3:GetObject on resource: arn:aws:s3:::b/k because no identity-based policy allows the s3:GetObject action`,
    })
  })
  it('gives a role that it does not know nothing', async () => {
    const stranger = assumedRoleArn(`${roleArn}er`, 'session')
    const request = await capture.of('s3', get('plain'))
    expect(guardWith([data]).refusalOf(stranger, request)?.action).toBe('s3:GetObject')
  })
  it('judges the start of a version by its state machine', () => {
    const machine = 'arn:aws:states:us-east-1:000000000000:stateMachine:stage'
    const start = (allowed: string) =>
      guardWith([allow(['states:StartExecution'], [allowed])]).refusalOfAction(caller, {
        action: 'states:StartExecution',
        resourceArns: [`${machine}:3`],
        context: {},
      })?.resourceArn
    expect(start(machine)).toBeUndefined()
    expect(start(`${machine}:3`)).toBe(machine)
  })
  it('lets a service invoke by the policy of the function alone', () => {
    const invoke = (rule: string) =>
      guardWith([]).refusalOfAction('events.amazonaws.com', {
        action: 'lambda:InvokeFunction',
        resourceArns: [functionArn],
        context: { 'aws:SourceArn': `arn:aws:events:us-east-1:000000000000:rule/${rule}` },
      })
    expect(invoke('failed')).toBeUndefined()
    expect(invoke('other')?.action).toBe('lambda:InvokeFunction')
  })
})

test('each decision is told, with what was asked and what was said', async () => {
  const heard: GuardDecision[] = []
  const guard = guardWith([allow(['s3:GetObject'], ['*'])], (decision) => heard.push(decision))
  guard.refusalOf(caller, await capture.of('s3', get('b')))
  expect(heard.map(({ context: _context, ...decision }) => decision)).toEqual([
    { principalArn: caller, action: 's3:GetObject', resourceArn: 'arn:aws:s3:::b/k', allowed: true },
    { principalArn: caller, action: 'kms:Decrypt', resourceArn: keyArn, allowed: false },
  ])
  expect(heard[1]?.context['kms:ViaService']).toBe('s3.us-east-1.amazonaws.com')
})
