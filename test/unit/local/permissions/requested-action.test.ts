import * as kms from '@aws-sdk/client-kms'
import * as sns from '@aws-sdk/client-sns'
import { describe, expect, it } from 'vitest'
import type { Service, ServiceRequest } from '../../../../local/permissions/request.ts'
import { UnsupportedOperation } from '../../../../local/permissions/request.ts'
import { requestedAction } from '../../../../local/permissions/requested-action.ts'
import { Capture, clientSettings } from './captured.ts'

const capture = new Capture()
const settings = clientSettings(capture)
const scope = {
  account: '000000000000',
  region: 'us-east-1',
  keyArnOf: (key: { alias: string } | { ciphertext: string }) =>
    'alias' in key && key.alias === 'alias/log' ? `${keys}/log` : undefined,
}
const keys = 'arn:aws:kms:us-east-1:000000000000:key'
const topic = 'arn:aws:sns:us-east-1:000000000000:gates'

const needs = async (service: Service, send: () => Promise<unknown>) =>
  requestedAction(await capture.of(service, send), scope)
const raw = (service: Service, more: Partial<ServiceRequest>): ServiceRequest => ({
  service,
  method: 'POST',
  path: '/',
  query: new URLSearchParams(),
  headers: {},
  body: '',
  ...more,
})

describe('KMS', () => {
  const client = new kms.KMSClient(settings)
  const Message = new Uint8Array([1])
  it('is always about the key, with the alias and the algorithm as context', async () => {
    const SigningAlgorithm = 'ECDSA_SHA_256'
    const command = new kms.SignCommand({
      KeyId: 'alias/log',
      Message,
      SigningAlgorithm,
      MessageType: 'DIGEST',
    })
    expect(await needs('kms', () => client.send(command))).toEqual([
      {
        action: 'kms:Sign',
        resourceArns: [`${keys}/log`],
        context: {
          'kms:CallerAccount': '000000000000',
          'kms:RequestAlias': 'alias/log',
          'kms:SigningAlgorithm': 'ECDSA_SHA_256',
          'kms:MessageType': 'DIGEST',
        },
      },
    ])
  })
  it.each(['log', `${keys}/log`])('knows a key by %s', async (KeyId) => {
    const command = new kms.GenerateMacCommand({ KeyId, Message, MacAlgorithm: 'HMAC_SHA_256' })
    expect(await needs('kms', () => client.send(command))).toMatchObject([
      {
        action: 'kms:GenerateMac',
        resourceArns: [`${keys}/log`],
        context: { 'kms:MacAlgorithm': 'HMAC_SHA_256' },
      },
    ])
  })
  it('refuses to make keys', async () => {
    await expect(needs('kms', () => client.send(new kms.CreateKeyCommand({})))).rejects.toThrow(/CreateKey/)
  })
})

describe('SNS', () => {
  const client = new sns.SNSClient(settings)
  it.each([
    [new sns.PublishCommand({ TopicArn: topic, Message: 'a' }), 'sns:Publish', topic],
    [new sns.PublishBatchCommand({ TopicArn: topic, PublishBatchRequestEntries: [] }), 'sns:Publish', topic],
    [new sns.ListSubscriptionsByTopicCommand({ TopicArn: topic }), 'sns:ListSubscriptionsByTopic', topic],
    [new sns.GetTopicAttributesCommand({ TopicArn: topic }), 'sns:GetTopicAttributes', topic],
    [
      new sns.GetSubscriptionAttributesCommand({ SubscriptionArn: `${topic}:1` }),
      'sns:GetSubscriptionAttributes',
      '*',
    ],
  ])('%#: the topic', async (command, action, resource) => {
    const send = () => client.send(command as sns.PublishCommand)
    expect(await needs('sns', send)).toEqual([{ action, resourceArns: [resource], context: {} }])
  })
  it('refuses a text message', async () => {
    const command = new sns.PublishCommand({ PhoneNumber: '+1', Message: 'a' })
    await expect(needs('sns', () => client.send(command))).rejects.toThrow(UnsupportedOperation)
  })
})

describe('Lambda', () => {
  const functions = 'arn:aws:lambda:us-east-1:000000000000:function'
  const invoke = (name: string, qualifier?: string) =>
    requestedAction(
      raw('lambda', {
        path: `/2015-03-31/functions/${encodeURIComponent(name)}/invocations`,
        query: new URLSearchParams(qualifier === undefined ? {} : { Qualifier: qualifier }),
      }),
      scope,
    )
  it.each([
    ['load', undefined, `${functions}:load`],
    ['load', '3', `${functions}:load:3`],
    [`${functions}:load:3`, undefined, `${functions}:load:3`],
    [`${functions}:load:3`, '3', `${functions}:load:3`],
    ['000000000000:function:load', '3', `${functions}:load:3`],
  ])('%s with qualifier %s', (name, qualifier, resource) => {
    expect(invoke(name, qualifier)).toEqual([
      { action: 'lambda:InvokeFunction', resourceArns: [resource], context: {} },
    ])
  })
  it('asks for the limit of a function on the function', () => {
    const limits = raw('lambda', { method: 'GET', path: '/2019-09-30/functions/load/concurrency' })
    expect(requestedAction(limits, scope)).toEqual([
      {
        action: 'lambda:GetFunctionConcurrency',
        resourceArns: ['arn:aws:lambda:us-east-1:000000000000:function:load'],
        context: {},
      },
    ])
  })
  it('refuses anything else by name', () => {
    const request = raw('lambda', { method: 'DELETE', path: '/2015-03-31/functions/load' })
    expect(() => requestedAction(request, scope)).toThrow(
      /DELETE \/2015-03-31\/functions\/load is not supported/,
    )
  })
})
