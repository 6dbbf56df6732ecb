import { GetPublicKeyCommand, type KMSClient } from '@aws-sdk/client-kms'
import { createPublicKey, type KeyObject } from 'node:crypto'
import { nameIn } from '../lambdas/shared/contract/resource-names.ts'

/** Names of what a deployment keeps: they follow from its environment and its account. */
export interface Places {
  readonly logTable: string
  readonly gateTable: string
  readonly checkpointTable: string
  readonly evidenceBucket: string
  readonly archiveBucket: string
}

export function placesOf(environment: string, account: string): Places {
  const bucket = (thing: string) => `${nameIn(environment, thing)}-${account}`
  return {
    logTable: nameIn(environment, 'log'),
    gateTable: nameIn(environment, 'gates'),
    checkpointTable: nameIn(environment, 'checkpoints'),
    evidenceBucket: bucket('evidence'),
    archiveBucket: bucket('archive'),
  }
}

export const keyAliasOf = (environment: string): string => `alias/${nameIn(environment, 'log')}`

/** The public keys of these KMS keys, by ARN. */
export async function publicKeys(client: KMSClient, ids: readonly string[]): Promise<Map<string, KeyObject>> {
  const found = new Map<string, KeyObject>()
  for (const id of ids) {
    const { KeyId, PublicKey } = await client.send(new GetPublicKeyCommand({ KeyId: id }))
    if (KeyId === undefined || PublicKey === undefined) throw new Error(`KMS has no public key of ${id}`)
    found.set(KeyId, createPublicKey({ key: Buffer.from(PublicKey), format: 'der', type: 'spki' }))
  }
  return found
}

/** `arn:aws:kms:<region>:<account>:key/…` */
export const accountOf = (arn: string): string => arn.split(':')[4] ?? ''
