import { z } from 'zod'
import type { Context } from './conditions.ts'
import type { RequestedAction, RequestScope, ServiceRequest } from './request.ts'
import { bodyOf, targetOperation, UnsupportedOperation } from './request.ts'

const KeyUse = z.looseObject({
  KeyId: z.string().optional(),
  CiphertextBlob: z.string().optional(),
  MacAlgorithm: z.string().optional(),
  SigningAlgorithm: z.string().optional(),
  MessageType: z.string().optional(),
})

const operations = new Set([
  'Decrypt',
  'DescribeKey',
  'Encrypt',
  'GenerateDataKey',
  'GenerateDataKeyWithoutPlaintext',
  'GenerateMac',
  'GetPublicKey',
  'Sign',
  'Verify',
  'VerifyMac',
])

export function kmsActions(request: ServiceRequest, scope: RequestScope): readonly RequestedAction[] {
  const operation = targetOperation(request, 'TrentService')
  if (!operations.has(operation)) throw new UnsupportedOperation('kms', operation)
  const given = bodyOf(request, KeyUse)
  const alias = /(?:^|:)(alias\/.+)$/.exec(given.KeyId ?? '')?.[1]
  const context: Context = {
    'kms:CallerAccount': scope.account,
    ...(alias === undefined ? {} : { 'kms:RequestAlias': alias }),
    ...(given.MacAlgorithm === undefined ? {} : { 'kms:MacAlgorithm': given.MacAlgorithm }),
    ...(given.SigningAlgorithm === undefined
      ? {}
      : { 'kms:SigningAlgorithm': given.SigningAlgorithm, 'kms:MessageType': given.MessageType ?? 'RAW' }),
  }
  return [{ action: `kms:${operation}`, resourceArns: [keyArn(given, alias, scope)], context }]
}

/** Permissions are always on the key itself, also where the request names an alias or only a ciphertext. */
function keyArn(given: z.infer<typeof KeyUse>, alias: string | undefined, scope: RequestScope): string {
  const prefix = `arn:aws:kms:${scope.region}:${scope.account}:`
  if (alias !== undefined) return scope.keyArnOf?.({ alias }) ?? `${prefix}${alias}`
  if (given.KeyId !== undefined)
    return given.KeyId.startsWith('arn:') ? given.KeyId : `${prefix}key/${given.KeyId}`
  return scope.keyArnOf?.({ ciphertext: given.CiphertextBlob ?? '' }) ?? '*'
}
