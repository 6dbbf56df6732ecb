import { randomBytes } from 'node:crypto'
import { beforeEach, describe, expect, test } from 'vitest'
import { LockgateError } from '../../../lambdas/shared/contract/errors.ts'
import { capabilityHash, capabilityText } from '../../../lambdas/shared/domain/gate-rules/capability.ts'
import { guessing } from '../../../lambdas/shared/domain/gate-rules/guessing.ts'
import { linkRecord, mostUnattributed, type LinkRecord } from '../../../lambdas/shared/ports/link-record.ts'
import { sourceWatch } from '../../../lambdas/shared/ports/source-watch.ts'
import { FakeClock } from '../../support/fake-clock.ts'
import { FakeDecisionLog } from '../../support/fake-decision-log.ts'
import { FakeGateStore } from '../../support/fake-gate-store.ts'
import { FakeGuessCounts } from '../../support/fake-guess-counts.ts'
import { openGate } from '../../support/store-contents.ts'

const randomness = { bytes: (count: number) => new Uint8Array(randomBytes(count)) }
const notFound = new LockgateError('GateNotFound', 'the link opens no gate')
const closed = new LockgateError('GateClosed', 'no longer open')

let clock: FakeClock
let log: FakeDecisionLog
let gates: FakeGateStore
let guesses: FakeGuessCounts
let record: LinkRecord

/** Another process, with the same stores. */
const process = () =>
  linkRecord({ gates, log, guesses, clock, watch: sourceWatch({ guesses, clock, randomness }) })
const wrong = () => capabilityText(randomness.bytes(32))
const request = (capability: string, address = '192.0.2.1') => ({ capability, method: 'GET', address })
const kinds = (chain: string) =>
  log.events(chain).map(({ kind, detail }) => `${kind} ${String(detail?.['error'])}`)

beforeEach(() => {
  clock = new FakeClock()
  log = new FakeDecisionLog()
  gates = new FakeGateStore()
  guesses = new FakeGuessCounts()
  record = process()
})

async function link() {
  await gates.createGate(openGate)
  const text = wrong()
  const capability = {
    ...{ hash: capabilityHash(text) ?? '', gate: openGate.id, opening: 1, address: 'one@example.com' },
    ...{ role: 'steward', expiresAt: openGate.expiresAt },
  }
  await gates.saveCapability(capability)
  return { text, capability, gate: openGate }
}

describe('a source that guesses', () => {
  test('is refused after so many wrong capabilities, whichever process it meets, and comes into the log once', async () => {
    const others = [record, process(), process()]
    for (let times = 1; times < guessing.most; times += 1) {
      const { error } = (await others[times % 3]?.refused(notFound, request(wrong()))) ?? {}
      expect(error).toBe(notFound)
    }
    for (const other of [...others, ...others]) {
      const { error, retryAfterSeconds } = await other.refused(notFound, request(wrong()))
      expect(error.name).toBe('SourceRefused')
      expect(retryAfterSeconds).toBe((2 * guessing.windowMilliseconds) / 1000)
    }
    expect(kinds('unattributed')).toEqual(['refused GateNotFound', 'source-refused SourceRefused'])
    expect(JSON.stringify([...log.chains])).not.toContain('192.0.2.1')
    expect(JSON.stringify([...guesses.counts, ...guesses.texts])).not.toContain('192.0.2.1')
  })

  test('then costs no reading and no writing, and others are not refused', async () => {
    for (let times = 0; times < guessing.most; times += 1) await record.refused(notFound, request(wrong()))
    const { calls } = guesses
    for (let times = 0; times < 1000; times += 1) await record.refused(notFound, request(wrong()))
    expect(guesses.calls).toBe(calls)
    expect((await record.refused(notFound, request(wrong(), '192.0.2.2'))).error).toBe(notFound)
  })

  test('may try again after the window that follows', async () => {
    for (let times = 0; times < guessing.most; times += 1) await record.refused(notFound, request(wrong()))
    for (const minutes of [0, 10, 9]) {
      clock.time += minutes * 60_000
      expect((await record.refused(notFound, request(wrong()))).error.name).toBe('SourceRefused')
      expect((await process().refused(notFound, request(wrong()))).error.name).toBe('SourceRefused')
    }
    clock.time += 60_000 + guessing.windowMilliseconds
    expect((await record.refused(notFound, request(wrong()))).error).toBe(notFound)
  })

  test('is found out as well where it never gets as far as looking for a gate', async () => {
    const crossSite = new LockgateError('CrossSiteRequest', 'from elsewhere')
    for (let times = 1; times < guessing.most; times += 1) await record.refused(crossSite, request(wrong()))
    expect((await record.refused(crossSite, request(wrong()))).error.name).toBe('SourceRefused')
  })

  test('does not become one by what cannot be a capability, for which nothing is looked up', async () => {
    gates.capability = () => Promise.reject(new Error('looked up'))
    const crossSite = new LockgateError('CrossSiteRequest', 'from elsewhere')
    for (let times = 0; times < 100; times += 1) {
      const text = wrong().slice(0, -1)
      for (const error of [notFound, crossSite])
        expect((await record.refused(error, request(text))).error).toBe(error)
    }
    expect(kinds('unattributed')).toEqual(['refused GateNotFound', 'refused CrossSiteRequest'])
    expect([...guesses.counts.keys()].filter((name) => name.startsWith('SOURCE'))).toEqual([])
  })
})

describe('what is refused at a link', () => {
  test('is in the log of its migration, with who the link is for, once a minute', async () => {
    const { text, capability } = await link()
    for (let times = 0; times < 3; times += 1)
      expect((await record.refused(closed, request(text))).error).toBe(closed)
    await process().refused(closed, request(text))
    clock.time += 60_000
    await record.refused(closed, request(text))
    const events = log.events('m')
    expect(events).toHaveLength(2)
    expect(events[0]).toMatchObject({
      ...{ kind: 'refused', actor: 'one@example.com', role: 'steward', migration: 'm', gate: 'gate' },
      ...{ evidence: openGate.evidence, detail: { error: 'GateClosed', method: 'GET' } },
    })
    expect(JSON.stringify(events)).not.toContain(text)
    expect(events[0]?.id).toContain(capability.hash)
    expect(kinds('unattributed')).toEqual([])
  })

  test('counts against nobody: the link works from a source that is refused', async () => {
    const { text } = await link()
    for (let times = 0; times < guessing.most; times += 1) await record.refused(notFound, request(wrong()))
    expect((await record.refused(closed, request(text))).error).toBe(closed)
  })
})

describe('the first look at a link', () => {
  test('is in the log, once for each way of looking', async () => {
    const opened = { ...(await link()), evidence: {} as never }
    for (const view of ['HEAD', 'GET', 'GET', 'PREFETCH', 'HEAD'] as const) {
      await record.opened(opened, view)
      await process().opened(opened, view)
    }
    expect(log.events('m').map(({ kind, id }) => `${kind} ${id.split('#')[1]}`)).toEqual([
      ...['link-opened HEAD', 'link-opened GET', 'link-opened PREFETCH'],
    ])
  })
})

test('whoever has many addresses fills the log to a limit an hour, and not beyond it', async () => {
  const address = (index: number) => `2001:db8:${index.toString(16)}::1`
  const attack = async (count: number) => {
    for (let index = 0; index < count; index += 1)
      await record.refused(notFound, request(wrong(), address(index)))
  }
  await attack(mostUnattributed + 50)
  expect(log.events('unattributed')).toHaveLength(mostUnattributed)
  // Those of links have no such limit.
  const { text } = await link()
  await record.refused(closed, request(text))
  expect(log.events('m')).toHaveLength(1)
  clock.time += 3_600_000
  await attack(1)
  expect(log.events('unattributed')).toHaveLength(mostUnattributed + 1)
})
