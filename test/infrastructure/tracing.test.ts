import { createSocket, type Socket } from 'node:dgram'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { spawn } from 'node:child_process'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { z } from 'zod'
import { bundleFunctions } from '../../lib/bundling.ts'
import { root } from './synthesised.ts'

/** A function as Lambda runs it, with something to take its traces: an X-Ray daemon, and an S3 that has nothing. */
const scratch = mkdtempSync(join(tmpdir(), 'lockgate-tracing-'))
const segment = z.object({ name: z.string(), trace_id: z.string(), fault: z.boolean().optional() })
const traceId = '1-5759e988-bd862e3fe1be46a994272793'
let daemon: Socket
let s3: Server

beforeAll(async () => {
  daemon = createSocket('udp4').bind(0, '127.0.0.1')
  const nothing = '<Error><Code>NoSuchKey</Code></Error>'
  s3 = createServer((_request, response) => response.writeHead(404).end(nothing)).listen(0, '127.0.0.1')
  await Promise.all([once(daemon, 'listening'), once(s3, 'listening')])
  bundleFunctions(root, join(scratch, 'bundles'), ['scan-range'])
})

afterAll(() => {
  daemon.close()
  s3.close()
  rmSync(scratch, { recursive: true })
})

test('a bundle has no hook on promises', () => {
  const bundle = readFileSync(join(scratch, 'bundles/scan-range/index.mjs'), 'utf8')
  // Not `toMatch`: where it failed, it would print the bundle.
  expect({ xray: bundle.includes('AWSXRay'), hooks: bundle.includes('createHook') }).toEqual({
    xray: true,
    hooks: false,
  })
})

test('an invocation is traced: the handler, and each call of S3 within it', async () => {
  const received: z.infer<typeof segment>[] = []
  const both = new Promise<void>((done) => {
    daemon.on('message', (packet) => {
      received.push(segment.parse(JSON.parse(packet.toString('utf8').split('\n')[1] ?? '')))
      if (received.length === 2) done()
    })
  })
  const fingerprint = 'f'.repeat(64)
  const run = {
    ...{ migration: 'cities', id: 'r', executionArn: 'arn', startedBy: 'operator@example.com' },
    ...{ startedAt: '2026-01-01T00:00:00Z', fingerprint, lockToken: 1, concurrency: 1 },
  }
  const range = { object: 0, start: 0, end: 1 }
  const event = { run, segment: 'cities', stage: 'rehearse', survey: 's', range }
  const script = join(scratch, 'invoke.mjs')
  writeFileSync(
    script,
    `const { handler } = await import('./bundles/scan-range/index.mjs')
const context = { awsRequestId: 'one', getRemainingTimeInMillis: () => 60_000 }
await handler(${JSON.stringify(event)}, context).catch((error) => console.log(error.name))`,
  )
  const child = spawn(process.execPath, [script], {
    env: {
      PATH: process.env['PATH'] ?? '',
      ...{ AWS_LAMBDA_FUNCTION_NAME: 'scan-range', LAMBDA_TASK_ROOT: scratch, _HANDLER: 'index.handler' },
      AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs24.x',
      ...{ AWS_REGION: 'us-east-1', AWS_ACCESS_KEY_ID: 'id', AWS_SECRET_ACCESS_KEY: 'secret' },
      AWS_ENDPOINT_URL: `http://127.0.0.1:${(s3.address() as AddressInfo).port}`,
      AWS_XRAY_DAEMON_ADDRESS: `127.0.0.1:${daemon.address().port}`,
      _X_AMZN_TRACE_ID: `Root=${traceId};Parent=53995c3f42cd8ad8;Sampled=1`,
      ...{ ARCHIVE_BUCKET: 'archive', FINGERPRINTS: JSON.stringify({ cities: fingerprint }) },
      ...{ SOURCES: '{"legacyExport":{"bucket":"source"}}', POWERTOOLS_LOG_LEVEL: 'SILENT' },
    },
  })
  const [[said]] = await Promise.all([once(child.stdout, 'data'), both])
  child.kill()
  expect(String(said)).toContain('ArchiveObjectMissing')
  expect(received.map(({ name }) => name).toSorted()).toEqual(['## index.handler', 'S3'])
  expect(new Set(received.map(({ trace_id }) => trace_id))).toEqual(new Set([traceId]))
})
