import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3'
import { expect, test } from 'vitest'
import { objectPorts } from '../../../../local/system/object-ports.ts'
import { clientOf, region, role, start } from '../services/fixtures.ts'

const lines = Array.from({ length: 20_000 }, (_, n) => `{"batch":"${n}"}\n`).join('')

test('a Map reads and writes objects whole while a fifth of all calls fails', async () => {
  const services = await start({ faults: { share: 0.2, seed: 1 } })
  const { endpoint, credentials } = services
  const ports = objectPorts({ endpoint, region, credentials })
  const at = { bucket: 'staging', callerRoleArn: role.arn }
  try {
    const operator = new S3Client({ ...clientOf(services), forcePathStyle: true })
    await operator.send(new PutObjectCommand({ Bucket: 'staging', Key: 'manifest', Body: lines }))
    for (let round = 0; round < 20; round += 1) {
      const parts: Uint8Array[] = []
      for await (const part of ports.readObject({ ...at, key: 'manifest' })) parts.push(part)
      expect(Buffer.concat(parts).toString() === lines).toBe(true)
      await ports.writeObject({ ...at, key: `result/${round}`, body: lines, contentType: 'text/plain' })
    }
    expect(services.faults()?.failed).toBeGreaterThan(4)
  } finally {
    await services.close()
  }
})
