import { createHash, createPublicKey, verify } from 'node:crypto'
import * as kms from '@aws-sdk/client-kms'
import {
  GetAccountSettingsCommand,
  GetFunctionConcurrencyCommand,
  LambdaClient,
} from '@aws-sdk/client-lambda'
import { SFNClient, StartExecutionCommand } from '@aws-sdk/client-sfn'
import { GetQueueUrlCommand, SQSClient } from '@aws-sdk/client-sqs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { functionNotFound, tooManyRequests } from '../../../../local/lambda/errors.ts'
import type { Services } from '../../../../local/services/services.ts'
import { account, assembly, clientOf, closedGuard, functionNamed, role, scratch, start } from './fixtures.ts'

const stateDirectory = scratch()
let services: Services
beforeAll(async () => {
  services = await start({
    stateDirectory,
    invoke: async ({ functionArn, payload }) => {
      if (functionArn === 'none') throw functionNotFound('none')
      if (functionArn === 'busy') throw tooManyRequests()
      if (functionArn === 'broken') return { payload: { errorType: 'LockLost' }, functionError: 'Unhandled' }
      return { payload: { functionArn, payload } }
    },
  })
})
afterAll(() => services.close())

describe('KMS', () => {
  const client = () => new kms.KMSClient(clientOf(services))
  const Message = Buffer.from(createHash('sha256').update('entry').digest('hex'))

  it('makes a MAC that it knows again, also after a restart', async () => {
    const input = { KeyId: 'key-HMAC_256', MacAlgorithm: 'HMAC_SHA_256', Message } as const
    const { Mac } = await client().send(new kms.GenerateMacCommand(input))
    await services.close()
    services = await start({ stateDirectory })
    expect((await client().send(new kms.VerifyMacCommand({ ...input, Mac }))).MacValid).toBe(true)
    const other = { ...input, Message: Buffer.from('other'), Mac }
    await expect(client().send(new kms.VerifyMacCommand(other))).rejects.toMatchObject({
      name: 'KMSInvalidMacException',
    })
  })

  it.each([
    ['alias/ECC_NIST_P256', 'ECDSA_SHA_256'],
    ['key-RSA_2048', 'RSASSA_PSS_SHA_256'],
    ['key-RSA_2048', 'RSASSA_PKCS1_V1_5_SHA_512'],
  ] as const)('signs with %s by %s', async (KeyId, SigningAlgorithm) => {
    const input = { KeyId, SigningAlgorithm, Message, MessageType: 'RAW' } as const
    const { Signature = new Uint8Array() } = await client().send(new kms.SignCommand(input))
    expect((await client().send(new kms.VerifyCommand({ ...input, Signature }))).SignatureValid).toBe(true)
    const forged = { ...input, Message: Buffer.from('forged'), Signature }
    await expect(client().send(new kms.VerifyCommand(forged))).rejects.toMatchObject({
      name: 'KMSInvalidSignatureException',
    })
    const { PublicKey = new Uint8Array() } = await client().send(new kms.GetPublicKeyCommand({ KeyId }))
    const key = createPublicKey({ key: Buffer.from(PublicKey), format: 'der', type: 'spki' })
    if (SigningAlgorithm === 'ECDSA_SHA_256') expect(verify('sha256', Message, key, Signature)).toBe(true)
  })

  it('signs a digest so that the signature is of what was digested', async () => {
    const input = { KeyId: 'key-ECC_NIST_P256', SigningAlgorithm: 'ECDSA_SHA_256' } as const
    const { PublicKey = new Uint8Array() } = await client().send(new kms.GetPublicKeyCommand(input))
    const key = createPublicKey({ key: Buffer.from(PublicKey), format: 'der', type: 'spki' })
    for (let n = 0; n < 40; n += 1) {
      const message = Buffer.alloc(n * 300, n)
      const digest = createHash('sha256').update(message).digest()
      const asked = { ...input, MessageType: 'DIGEST', Message: digest } as const
      const { Signature = new Uint8Array() } = await client().send(new kms.SignCommand(asked))
      expect(verify('sha256', message, key, Signature)).toBe(true)
      expect(verify('sha256', Buffer.from('other'), key, Signature)).toBe(false)
    }
  })

  it('refuses by name what it does not do', async () => {
    const digest = {
      KeyId: 'key-RSA_2048',
      SigningAlgorithm: 'RSASSA_PSS_SHA_256',
      MessageType: 'DIGEST',
      Message,
    } as const
    await expect(client().send(new kms.SignCommand(digest))).rejects.toThrow('DIGEST of ECC_NIST_P256 only')
    const long = { ...digest, KeyId: 'key-ECC_NIST_P256', SigningAlgorithm: 'ECDSA_SHA_256' } as const
    await expect(client().send(new kms.SignCommand(long))).rejects.toThrow('Digest is invalid length')
    await expect(client().send(new kms.DescribeKeyCommand({ KeyId: 'none' }))).rejects.toMatchObject({
      name: 'NotFoundException',
    })
    const encrypt = new kms.EncryptCommand({ KeyId: 'key-HMAC_256', Plaintext: Message })
    await expect(client().send(encrypt)).rejects.toThrow('does not offer Encrypt')
    const wrong = { KeyId: 'key-HMAC_256', SigningAlgorithm: 'ECDSA_SHA_256', Message } as const
    await expect(client().send(new kms.SignCommand(wrong))).rejects.toMatchObject({
      name: 'InvalidKeyUsageException',
    })
    const described = await client().send(new kms.DescribeKeyCommand({ KeyId: 'key-HMAC_256' }))
    expect(described.KeyMetadata).toMatchObject({
      KeyUsage: 'GENERATE_VERIFY_MAC',
      MacAlgorithms: ['HMAC_SHA_256'],
      Enabled: true,
    })
  })

  it('refuses a role that may not', async () => {
    const closed = await start({ guard: closedGuard })
    const denied = new kms.KMSClient(clientOf(closed, role.arn))
    await expect(denied.send(new kms.DescribeKeyCommand({ KeyId: 'key-HMAC_256' }))).rejects.toMatchObject({
      name: 'AccessDeniedException',
      $metadata: { httpStatusCode: 400 },
    })
    const states = new SFNClient(clientOf(closed, role.arn))
    await expect(states.send(new StartExecutionCommand({ stateMachineArn: 'arn' }))).rejects.toMatchObject({
      name: 'AccessDeniedException',
    })
    await closed.close()
  })
})

describe('the front', () => {
  const signed = (
    service: string,
    path: string,
    init: RequestInit & { headers?: Record<string, string> } = {},
  ) => {
    const authorization = `AWS4-HMAC-SHA256 Credential=AKIA/20260101/eu-central-1/${service}/aws4_request, SignedHeaders=host, Signature=0`
    return fetch(services.endpoint + path, { ...init, headers: { authorization, ...init.headers } })
  }

  it('hands Step Functions to the engine', async () => {
    const body = '{"stateMachineArn":"arn"}'
    const answer = await signed('states', '/', {
      method: 'POST',
      body,
      headers: { 'x-amz-target': 'AWSStepFunctions.StartExecution' },
    })
    expect(await answer.json()).toEqual({ target: 'AWSStepFunctions.StartExecution', body })
  })

  it('invokes functions', async () => {
    await services.close()
    services = await start({
      invoke: async ({ functionArn, payload }) => {
        if (functionArn === 'none') throw functionNotFound('none')
        if (functionArn === 'busy') throw tooManyRequests()
        if (functionArn === 'broken')
          return { payload: { errorType: 'LockLost' }, functionError: 'Unhandled' }
        return { payload: { functionArn, payload } }
      },
    })
    const invoke = (name: string) =>
      signed('lambda', `/2015-03-31/functions/${name}/invocations?Qualifier=3`, {
        method: 'POST',
        body: '{"a":1}',
      })
    expect(await (await invoke('load')).json()).toEqual({ functionArn: 'load:3', payload: { a: 1 } })
    const call = (name: string) =>
      signed('lambda', `/2015-03-31/functions/${name}/invocations`, { method: 'POST', body: '{}' })
    expect((await call('broken')).headers.get('x-amz-function-error')).toBe('Unhandled')
    expect((await call('none')).status).toBe(404)
    expect((await call('busy')).headers.get('x-amzn-errortype')).toBe('TooManyRequestsException')
  })

  it('tells how many functions may run at once', async () => {
    await services.close()
    const functions = [functionNamed('extract', 40), functionNamed('load')]
    services = await start({ assembly: { ...assembly, functions } })
    const lambda = new LambdaClient(clientOf(services))
    const { AccountLimit } = await lambda.send(new GetAccountSettingsCommand({}))
    expect(AccountLimit).toEqual({ ConcurrentExecutions: 1000, UnreservedConcurrentExecutions: 960 })
    const reserved = async (FunctionName: string) =>
      (await lambda.send(new GetFunctionConcurrencyCommand({ FunctionName }))).ReservedConcurrentExecutions
    expect([await reserved('extract'), await reserved('load')]).toEqual([40, undefined])
    await expect(reserved('none')).rejects.toMatchObject({ name: 'ResourceNotFoundException' })
  })

  it('says who calls', async () => {
    const who = async (accessKeyId: string) => {
      const authorization = `AWS4-HMAC-SHA256 Credential=${accessKeyId}/20260101/eu-central-1/sts/aws4_request`
      const body = 'Action=GetCallerIdentity&Version=2011-06-15'
      return (await fetch(services.endpoint, { method: 'POST', headers: { authorization }, body })).text()
    }
    expect(await who(services.credentials(role.arn).accessKeyId)).toContain(
      `arn:aws:sts::${account}:assumed-role/load/local`,
    )
    expect(await who('AKIAANY')).toContain(`arn:aws:iam::${account}:root`)
  })

  it('refuses a service that it does not have by name, and what is not signed', async () => {
    const queue = new SQSClient(clientOf(services)).send(new GetQueueUrlCommand({ QueueName: 'x' }))
    await expect(queue).rejects.toThrow('does not offer sqs: AmazonSQS.GetQueueUrl')
    expect((await fetch(services.endpoint)).status).toBe(404)
  })

  it('takes the key of a role that is gone for nobody, not for the operator', async () => {
    const gone = new kms.KMSClient(clientOf(services, 'arn:aws:iam::111122223333:role/gone'))
    await expect(gone.send(new kms.DescribeKeyCommand({ KeyId: 'key-HMAC_256' }))).rejects.toThrow(
      'security token',
    )
  })
})
