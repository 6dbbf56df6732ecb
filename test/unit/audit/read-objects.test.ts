import { S3Client, S3ServiceException, type ServiceOutputTypes } from '@aws-sdk/client-s3'
import { expect, test } from 'vitest'
import { readObject } from '../../../audit/read-objects.ts'
import { verifyObject } from '../../../lambdas/shared/domain/decision-log/verify-object.ts'

/** A bucket with one object, whose content nobody can read. */
function clientOf(Key: string, error: Error) {
  const commands: string[] = []
  const client = new S3Client({ region: 'us-east-1' })
  client.middlewareStack.add(
    (_next, { commandName = '' }) =>
      async () => {
        commands.push(commandName)
        if (commandName === 'GetObjectCommand') throw error
        const output = { $metadata: {}, Versions: [{ Key, VersionId: '1', Size: 5 }] }
        return { response: {}, output: output as ServiceOutputTypes }
      },
    { step: 'initialize' },
  )
  return { client, commands }
}

const refusal = (name: string) =>
  new S3ServiceException({ name, message: 'give the key', $fault: 'client', $metadata: {} })

test('an object under a key of its own is named; what keeps all from being read ends the audit', async () => {
  const { client } = clientOf('k', refusal('InvalidRequest'))
  expect(verifyObject('evidence', await readObject(client, 'bucket', 'k'), 'a'.repeat(64), 3)).toEqual([
    {
      ...{ kind: 'altered', side: 'evidence', at: 'k', entry: 3 },
      message: 'k is not what was written: it cannot be read (give the key)',
    },
  ])
  const denied = clientOf('k', refusal('AccessDenied'))
  await expect(readObject(denied.client, 'bucket', 'k')).rejects.toMatchObject({ name: 'AccessDenied' })
})

test('what no object can be called is not there', async () => {
  for (const key of ['', 'x'.repeat(1025)]) {
    const { client, commands } = clientOf(key, refusal('InvalidRequest'))
    expect(await readObject(client, 'bucket', key)).toEqual({ key, locked: false, later: [] })
    expect(commands).toEqual([])
  }
})
