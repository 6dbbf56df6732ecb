import { z } from 'zod'
import { arnOf, keyIdOf } from './arns.ts'
import type { Deployment, Resource } from './deployment.ts'
import type { KeyModel } from './model.ts'
import { PolicyDocument, readPolicy } from './policies.ts'
import { readProperties, refuseProperty } from './properties.ts'

const KeyProperties = z.strictObject({
  KeyPolicy: PolicyDocument,
  KeySpec: z.string().default('SYMMETRIC_DEFAULT'),
  KeyUsage: z.string().default('ENCRYPT_DECRYPT'),
  Enabled: z.literal(true).optional(),
  MultiRegion: z.literal(false).optional(),
  Origin: z.literal('AWS_KMS').optional(),
})
const AliasProperties = z.strictObject({
  AliasName: z.string().startsWith('alias/'),
  TargetKeyId: z.string(),
})

export const keyTypes = ['AWS::KMS::Key', 'AWS::KMS::Alias']

export function readKeys(deployment: Deployment): KeyModel[] {
  const aliases = deployment.ofType('AWS::KMS::Alias').map((resource) => {
    const { AliasName, TargetKeyId } = readProperties(deployment, resource, AliasProperties)
    const key = findKey(TargetKeyId, deployment)
    return {
      name: AliasName,
      key: key ?? refuseProperty(resource, 'TargetKeyId', `${TargetKeyId} is not a key here`),
    }
  })
  return deployment.ofType('AWS::KMS::Key').map((resource) => {
    const given = readProperties(deployment, resource, KeyProperties)
    return {
      id: keyIdOf(resource),
      arn: arnOf(resource, deployment),
      spec: given.KeySpec,
      usage: given.KeyUsage,
      aliases: aliases.filter((alias) => alias.key === resource).map((alias) => alias.name),
      policy: readPolicy(resource, 'KeyPolicy', given.KeyPolicy),
    }
  })
}

/**
 * ARN of the customer managed key that `reference` (id, ARN, alias) means. Undefined for the keys that AWS
 * manages itself: everybody in the account may use them through their service.
 */
export function encryptionKeyArn(
  deployment: Deployment,
  resource: Resource,
  path: string,
  reference: string | undefined,
): string | undefined {
  if (reference === undefined || /(^|:)alias\/aws\//.test(reference)) return undefined
  const aliasName = /(?:^|:)(alias\/.+)$/.exec(reference)?.[1]
  const alias = deployment
    .ofType('AWS::KMS::Alias')
    .find((item) => aliasName !== undefined && deployment.textProperty(item, 'AliasName') === aliasName)
  const target = alias === undefined ? reference : deployment.textProperty(alias, 'TargetKeyId')
  const key = target === undefined ? undefined : findKey(target, deployment)
  return key === undefined
    ? refuseProperty(resource, path, `${reference} is not a key here`)
    : arnOf(key, deployment)
}

const findKey = (reference: string, deployment: Deployment): Resource | undefined =>
  deployment
    .ofType('AWS::KMS::Key')
    .find((resource) => reference === keyIdOf(resource) || reference === arnOf(resource, deployment))
