import { afterEach, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { s3Source } from '../../../lambdas/shared/adapters/s3-source/s3-source.ts'
import { s3Delimited } from '../../../lambdas/shared/domain/definition/source.ts'
import { allRecords } from '../../support/source-records.ts'
import { slicesOf } from '../../support/fake-source.ts'
import { startS3, testBucket, type Relay, type S3Server } from '../../support/s3-server.ts'

const spec = s3Delimited({ at: 'export', prefix: '', header: ['id', 'text'], record: z.unknown() })
const text = Array.from({ length: 40_000 }, (_, i) => `${i},"some\ntext ${i}"\n`).join('')

let server: S3Server | undefined
afterEach(() => server?.stop())

async function open(relay: Relay) {
  server = await startS3(relay)
  await server.put('a.csv', text)
  return s3Source({ s3: server.s3, bucket: testBucket, spec, retryPauseMs: 1 })
}

/** Passes `bytes` of the body on and then breaks the connection. */
function cutAfter(bytes: number): Relay {
  return (_asked, answer, reply) => {
    reply.writeHead(answer.statusCode ?? 500, answer.headers)
    let sent = 0
    answer.on('data', (chunk: Buffer) => {
      if (sent > bytes) return
      reply.write(chunk.subarray(0, bytes - sent), () => sent > bytes && reply.destroy())
      sent += chunk.length
    })
    answer.on('end', () => sent <= bytes && reply.end())
  }
}

const pass = cutAfter(Infinity)

/** The nth read, from 1, is answered as the nth relay says, those beyond as the last; listing is let through. */
function reads(...relays: readonly [Relay, ...Relay[]]) {
  const ranges: string[] = []
  const relay: Relay = (asked, answer, reply) => {
    const { range } = asked.headers
    if (range === undefined) return pass(asked, answer, reply)
    ranges.push(range)
    const next = relays[ranges.length - 1] ?? relays.at(-1)
    next?.(asked, answer, reply)
  }
  return { relay, ranges }
}

describe('a connection that breaks in the middle of a body', () => {
  test('is taken up at the byte reached, and no record is lost or read twice', async () => {
    const cut = cutAfter(100_001)
    const { relay, ranges } = reads(cutAfter(7), pass, ...Array<Relay>(7).fill(cut), pass)
    const source = await open(relay)
    const records = await allRecords(source)
    expect(records.map((record) => ('fields' in record ? record.fields : record))).toEqual(
      Array.from({ length: 40_000 }, (_, i) => ({ id: String(i), text: `some\ntext ${i}` })),
    )
    // The head twice, the scan with seven breaks, the read.
    expect(ranges.map((range) => range.split('-')[0])).toEqual([
      'bytes=0',
      'bytes=0',
      'bytes=0',
      ...Array.from({ length: 7 }, (_, i) => `bytes=${(i + 1) * 100_001}`),
      'bytes=0',
    ])
  })

  test('is given up when no byte arrives any more', async () => {
    const { relay, ranges } = reads(pass, cutAfter(0))
    const source = await open(relay)
    const [object] = await source.list()
    if (!object) throw new Error('an object expected')
    await expect(source.scan(object, 0, object.size, 1 << 20)).rejects.toThrow()
    expect(ranges).toHaveLength(1 + 6)
  })
})

describe('a body that nobody reads on', () => {
  /** Answers head and scan, then only the first bytes of what is read, and tells when the client hangs up. */
  function stalling() {
    let hungUp: () => void
    const closed = new Promise<void>((resolve) => (hungUp = resolve))
    const { relay } = reads(pass, pass, (_asked, answer, reply) => {
      reply.writeHead(answer.statusCode ?? 500, answer.headers)
      reply.write(text.slice(0, 1000))
      reply.on('close', () => hungUp())
    })
    return { relay, closed }
  }

  test('is closed when the reader stops', async () => {
    const { relay, closed } = stalling()
    const source = await open(relay)
    const [object] = await source.list()
    const [slice] = object ? await slicesOf(source, object, 1 << 30) : []
    if (!slice) throw new Error('a slice expected')
    for await (const { ordinal } of source.read(slice)) {
      if (ordinal === 5) break
    }
    await closed
  })

  test('is closed when the signal aborts, and the reason is thrown', async () => {
    const { relay, closed } = stalling()
    const source = await open(relay)
    const [object] = await source.list()
    const [slice] = object ? await slicesOf(source, object, 1 << 30) : []
    if (!slice) throw new Error('a slice expected')
    const abort = new AbortController()
    const reason = new Error('time is over')
    const reading = (async () => {
      for await (const { ordinal } of source.read(slice, undefined, abort.signal)) {
        if (ordinal === 20) setTimeout(() => abort.abort(reason), 20)
      }
    })()
    await expect(reading).rejects.toBe(reason)
    await closed
  })
})
