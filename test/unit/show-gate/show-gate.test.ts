import { createHash } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { gatePage } from '../../../lambdas/shared/domain/page/gate-page.ts'
import { styleHash } from '../../../lambdas/shared/domain/page/style.ts'
import type { Gate } from '../../../lambdas/shared/domain/gate.ts'
import type { StageSummary } from '../../../lambdas/shared/domain/evidence.ts'
import { openGate } from '../../support/store-contents.ts'
import { showGate } from '../../../lambdas/show-gate/show-gate.ts'
import { GateWorld } from '../../support/gate-world.ts'
import { pilotSummary, sealed } from '../../support/stage-summaries.ts'

const markup = `<script>alert("1")</script>&'</textarea>`
const escaped = '&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt;&amp;&#39;&lt;/textarea&gt;'

function gateOf(summary: StageSummary, changes: Partial<Gate> = {}): Gate {
  const { hash, evidence } = sealed(summary)
  return {
    ...openGate,
    ...{ migration: 'places', fingerprint: summary.fingerprint },
    ...{ evidence: hash, verdict: evidence.verdict },
    ...changes,
  }
}

const steward = { hash: 'c'.repeat(64), address: 'steward@example.com', role: 'steward' }
const pageOf = (summary: StageSummary, changes: Partial<Gate> = {}) =>
  gatePage({ gate: gateOf(summary, changes), evidence: sealed(summary).evidence, capability: steward })

const blemished = pilotSummary({
  batches: { total: 2, done: 1, failed: 1, unfinished: 0 },
  reconciliation: { compared: 1000, missing: 1, unexpected: 0, different: 2, fields: { [markup]: 2 } },
  differences: [{ kind: 'different', key: markup, field: markup, expected: markup, actual: markup }],
  quarantine: [{ object: markup, line: 7, byte: 812, reason: markup, field: markup, detail: markup }],
  failures: [{ batch: '000001', error: 'NondeterministicMapping', message: markup }],
})

describe('the page', () => {
  test('texts of others are text: names of files, keys, values and reasons', () => {
    const page = pageOf(blemished, {
      decisions: [
        {
          decision: 'hold',
          address: markup,
          role: markup,
          reason: markup,
          evidence: 'e'.repeat(64),
          at: 1_000_000,
          opening: 1,
        },
      ],
    })
    expect(page).not.toContain('<script')
    expect(page).not.toContain('alert("1")')
    expect(page.split(escaped).length - 1).toBeGreaterThanOrEqual(12)
    expect(page.match(/<textarea/g)).toHaveLength(1)
    expect(page.match(/<\/textarea>/g)).toHaveLength(1)
  })

  test('it loads nothing and runs nothing', () => {
    const page = pageOf(blemished)
    expect(page).not.toMatch(
      /\b(?:src|srcset|action|poster|style|on\w+)\s*=|@import|url\(|<(?:link|iframe|object|embed|base)\b/i,
    )
    for (const [, target] of page.matchAll(/href="([^"]*)"/g)) expect(target).toMatch(/^[#?]/)
    expect(page).not.toMatch(/https?:/)
  })

  test('the policy allows the style of the page, and no other', () => {
    const [, style = ''] = /<style>(.*)<\/style>/s.exec(pageOf(blemished)) ?? []
    expect(createHash('sha256').update(style).digest('base64')).toBe(styleHash)
    expect(pageOf(blemished).match(/<style/g)).toHaveLength(1)
  })

  test('it says what is decided, on what, and what each choice does', () => {
    const page = pageOf(pilotSummary())
    for (const text of [
      'May stage pilot of cities pass?',
      'Every criterion is met.',
      'value="approve"',
      'value="repair"',
      'value="rollback"',
      'value="hold"',
      'After yours, 3 approvals are missing: 3 × steward.',
      'Started by, as claimed',
      'operator@example.com',
      '4 January 2026',
      sealed(pilotSummary()).hash,
      'Flow of records: 1,000 extracted, 1,000 mapped, 990 loaded, 10 unchanged.',
    ]) {
      expect(page).toContain(text)
    }
  })

  test('differences and quarantine are shown with their place', () => {
    const page = pageOf(
      pilotSummary({
        differences: [{ kind: 'missing', key: 'CITY#1' }],
        quarantine: [{ object: 'a.csv', line: 7, byte: 812, reason: 'RaggedRow', detail: 'too short' }],
      }),
    )
    for (const text of ['CITY#1', 'a.csv', 'line 7, byte 812', 'RaggedRow', 'too short'])
      expect(page).toContain(text)
  })

  test('approving is not offered where the verdict is not pass', () => {
    const page = pageOf(blemished)
    expect(page).not.toContain('value="approve"')
    expect(page).toContain('value="repair"')
    expect(page).toContain('Approving is not possible: the verdict is fail.')
  })

  test('a closed gate has no form', () => {
    const page = pageOf(pilotSummary(), { status: 'held' })
    expect(page).not.toContain('<form')
    expect(page).toContain('is held')
  })
})

describe('opening a link', () => {
  test('changes nothing, however often it is done, and carries the headers', async () => {
    const world = new GateWorld()
    const { gate } = await world.judge()
    await world.enter(gate)
    const before = structuredClone([...world.gates.gates, ...world.gates.capabilities])
    for (let times = 0; times < 3; times += 1) {
      const { status, headers } = await world.show(world.link())
      expect(status).toBe(200)
      expect(headers).toMatchObject({
        'cache-control': 'no-store, max-age=0',
        'content-security-policy': `default-src 'none'; style-src 'sha256-${styleHash}'; form-action 'self'; base-uri 'none'; object-src 'none'; frame-ancestors 'none'`,
        'cross-origin-opener-policy': 'same-origin',
        'referrer-policy': 'no-referrer',
        'x-content-type-options': 'nosniff',
        'x-frame-options': 'DENY',
      })
    }
    expect([...world.gates.gates, ...world.gates.capabilities]).toEqual(before)
    expect(world.executions.answers).toEqual([])
  })

  test('is told by who looks: a person, a scanner, or a browser ahead of both', async () => {
    const world = new GateWorld()
    const { gate } = await world.judge()
    await world.enter(gate)
    await world.show(world.link())
    await world.show(world.link(), 'HEAD')
    for (const name of ['sec-purpose', 'purpose', 'x-moz'])
      await world.show(world.link(), 'GET', { [name]: 'prefetch;prerender' })
    expect(world.looks.map((look) => look.split(' ')[1])).toEqual([
      ...['GET', 'HEAD', 'PREFETCH', 'PREFETCH', 'PREFETCH'],
    ])
  })

  test('goes on where the decision log cannot be told, which is then known', async () => {
    const world = new GateWorld()
    const { gate } = await world.judge()
    await world.enter(gate)
    const request = { capability: world.link(), method: 'GET', headers: {} }
    const opened = () => Promise.reject(new Error('no log'))
    const { gates, evidence, clock, log } = world
    const shown = await showGate(request, { gates, evidence, clock, log, record: { opened } })
    expect(shown).toMatchObject({ response: { status: 200 }, unlogged: new Error('no log') })
  })

  test('shows where the decision log ends, and the page also where the log cannot be read', async () => {
    const world = new GateWorld()
    const { gate } = await world.judge()
    await world.enter(gate)
    const { hash, length } = await world.log.head('places')
    expect(length).toBeGreaterThan(0)
    expect((await world.show(world.link())).body).toContain(`${length}:${hash}`)
    world.log.head = () => Promise.reject(new Error('no answer'))
    const request = { capability: world.link(), method: 'GET', headers: {} }
    const { response, unlogged } = await showGate(request, world)
    expect(response.status).toBe(200)
    expect(response.body).not.toContain('Decision log')
    expect(unlogged).toMatchObject({ message: 'no answer' })
  })

  test('a malformed, foreign or expired link opens nothing', async () => {
    const world = new GateWorld()
    const { gate } = await world.judge()
    await world.enter(gate)
    const link = world.link()
    for (const other of ['', 'x', `${link}A`, link.slice(1), `${link.slice(0, -1)}/`, 'A'.repeat(43)]) {
      await expect(world.show(other)).rejects.toMatchObject({ name: 'GateNotFound' })
    }
    world.clock.time += 72 * 3_600_000
    await expect(world.show(link)).rejects.toMatchObject({ name: 'GateClosed' })
  })

  test('evidence that is gone or altered is not shown', async () => {
    const world = new GateWorld()
    const { gate } = await world.judge()
    await world.enter(gate)
    const { evidenceKey } = await world.theGate(gate)
    await world.evidence.put(
      evidenceKey,
      Buffer.from(world.evidence.text(evidenceKey)?.replace('990', '991') ?? ''),
    )
    await expect(world.show(world.link())).rejects.toMatchObject({ name: 'EvidenceAltered' })
    world.evidence.objects.delete(evidenceKey)
    await expect(world.show(world.link())).rejects.toMatchObject({ name: 'EvidenceAltered' })
  })
})
