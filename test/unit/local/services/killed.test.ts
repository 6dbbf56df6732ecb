import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { DynamoDBClient, GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb'
import { GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3'
import { PublishCommand, SNSClient } from '@aws-sdk/client-sns'
import { expect, it } from 'vitest'
import { assembly, scratch } from './fixtures.ts'

const program = fileURLToPath(new URL('./killed-main.ts', import.meta.url))

async function startMain(stateDirectory: string) {
  const main = spawn(process.execPath, [program, stateDirectory], { stdio: ['ignore', 'pipe', 'inherit'] })
  const [line] = (await once(createInterface(main.stdout), 'line')) as [string]
  const { endpoint, dynamodbEndpoint } = JSON.parse(line) as Record<'endpoint' | 'dynamodbEndpoint', string>
  const settings = {
    region: 'eu-central-1',
    credentials: { accessKeyId: 'AKIA', secretAccessKey: 's' },
    maxAttempts: 1,
  }
  return {
    main,
    endpoint,
    children: readFileSync(`/proc/${main.pid}/task/${main.pid}/children`, 'utf8').trim().split(' '),
    dynamodb: new DynamoDBClient({ ...settings, endpoint: dynamodbEndpoint }),
    s3: new S3Client({ ...settings, endpoint }),
    sns: new SNSClient({ ...settings, endpoint }),
  }
}

it('keeps all that it has acknowledged when it is killed at any time, and leaves no process behind', async () => {
  const stateDirectory = scratch()
  const acknowledged: string[] = []
  for (let round = 0; round < 3; round += 1) {
    // At once after the kill: the processes of the last round may still be letting go of their files.
    const { main, children, dynamodb, s3, sns, endpoint } = await startMain(stateDirectory)
    for (const id of acknowledged) {
      const { Item } = await dynamodb.send(
        new GetItemCommand({ TableName: 'places', Key: { pk: { S: id }, sk: { S: 'a' } } }),
      )
      expect(Item?.['pk']).toEqual({ S: id })
      const { Body } = await s3.send(new GetObjectCommand({ Bucket: 'staging', Key: id }))
      expect(await Body?.transformToString()).toBe(id.repeat(1000))
    }
    const subject = `round ${round}`
    await sns.send(
      new PublishCommand({
        TopicArn: assembly.topics[0]?.arn,
        Message: 'x',
        Subject: subject,
        MessageAttributes: { to: { DataType: 'String', StringValue: 'ana' } },
      }),
    )
    const writing = Array.from({ length: 8 }, async (_, writer) => {
      for (let n = 0; ; n += 1) {
        const id = `${round}-${writer}-${n}`
        await s3.send(
          new PutObjectCommand({ Bucket: 'staging', Key: id, Body: id.repeat(1000), IfNoneMatch: '*' }),
        )
        await dynamodb.send(
          new PutItemCommand({
            TableName: 'places',
            Item: { pk: { S: id }, sk: { S: 'a' } },
            ConditionExpression: 'attribute_not_exists(pk)',
          }),
        )
        acknowledged.push(id)
      }
    })
    setTimeout(() => main.kill('SIGKILL'), 400)
    await Promise.allSettled(writing)
    expect(children).toHaveLength(2)
    await expect
      .poll(() => children.filter((pid) => existsSync(`/proc/${pid}`)), { timeout: 5000 })
      .toEqual([])
    expect(endpoint).toContain('127.0.0.1')
  }
  expect(acknowledged.length).toBeGreaterThan(20)
  const { main, endpoint } = await startMain(stateDirectory)
  const mailbox = await (await fetch(`${endpoint}/mailbox`)).text()
  for (const round of [0, 1, 2]) expect(mailbox).toContain(`round ${round}`)
  main.kill('SIGKILL')
}, 60_000)
