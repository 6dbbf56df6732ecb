import { fork } from 'node:child_process'
import { writeFileSync } from 'node:fs'
writeFileSync('/tmp/dyn-child.mjs', `
import { createRequire } from 'node:module'
const dynalite = createRequire('/work/main/package.json')('dynalite')
const s = dynalite({ createTableMs: 0 }); s.listen(0, '127.0.0.1', () => process.send(s.address().port))
`)
const child = fork('/tmp/dyn-child.mjs')
const port: number = await new Promise((r) => child.once('message', (p) => r(p as number)))
process.env.AWS_ENDPOINT_URL_DYNAMODB = `http://127.0.0.1:${port}`
process.env.AWS_REGION = 'eu-west-1'; process.env.AWS_ACCESS_KEY_ID = 'a'; process.env.AWS_SECRET_ACCESS_KEY = 'b'
const { CreateTableCommand } = await import('@aws-sdk/client-dynamodb')
const { targetClient } = await import('../../lambdas/shared/handler/clients.ts')
const { dynamoDbTarget } = await import('../../lambdas/shared/adapters/dynamodb-target/target.ts')
const { systemClock } = await import('../../lambdas/shared/adapters/system-clock.ts')
const { BatchWorld, thingsSegment } = await import('../support/batch-world.ts')
const client = targetClient()
await client.send(new CreateTableCommand({ TableName: 'ttt', BillingMode: 'PAY_PER_REQUEST', AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }], KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }] }))
const n = Number(process.argv[2] ?? 10000)
const rows = Array.from({ length: n }, (_, id) => ({ id, size: id, mail: `someone-${id}@example.com` }))
const world = await BatchWorld.open(rows, thingsSegment())
const header = await world.runs.manifest('demo', 'things')
await world.runs.saveManifest('demo', { ...header!, chunkRecords: 1000 }, 1)
Object.assign(world, { target: dynamoDbTarget({ client, table: 'ttt', segment: world.segment, clock: systemClock }) })
for (const step of ['extract', 'transform', 'load', 'reconcile'] as const) {
  const t = performance.now(), c = process.cpuUsage()
  await world.run(step)
  const u = process.cpuUsage(c)
  console.log(step, Math.round(performance.now() - t), 'ms; cpu', Math.round((u.user + u.system) / 1000), 'ms;', (n / (performance.now() - t) * 1000).toFixed(0), '/s')
}
console.log((await world.checkpoint()).ledger, (await world.checkpoint()).reconciliation?.missing)
child.kill(); client.destroy()
