import { DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb'
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3'
import { expect, test } from 'vitest'
import { clientOf, role, start } from './fixtures.ts'

test('requests of roles are counted, those of the operator are not', async () => {
  const told: number[] = []
  const services = await start({ onServed: (served) => told.push(served) })
  try {
    const put = new PutObjectCommand({ Bucket: 'staging', Key: 'a', Body: 'a' })
    const get = new GetItemCommand({ TableName: 'places', Key: { pk: { S: '1' }, sk: { S: '1' } } })
    for (const roleArn of [role.arn, undefined]) {
      const settings = clientOf(services, roleArn)
      await new S3Client({ ...settings, forcePathStyle: true }).send(put)
      await new DynamoDBClient(settings).send(get)
      await new DynamoDBClient({ ...settings, endpoint: services.dynamodbEndpoint }).send(get)
    }
    await expect.poll(() => services.requests()).toBe(3)
    expect(told.at(-1)).toBe(3)
  } finally {
    await services.close()
  }
})
