import { describe, expect, test } from 'vitest'
import { sha256 } from '../../../lambdas/shared/domain/digest.ts'
import { statusWords } from '../../../lambdas/shared/domain/wording/gate-words.ts'
import { GateWorld } from '../../support/gate-world.ts'

const reason = 'looks right'

async function opened(approvers = ['steward@example.com'], changes = {}, steward = 1) {
  const world = new GateWorld({ quorum: { steward } })
  world.approvers.steward = approvers
  const { gate, evidence } = await world.judge(changes)
  const token = await world.enter(gate)
  return { world, gate, evidence, token }
}

describe('a decision', () => {
  test('is recorded with address, role, reason and evidence, and rings the bell', async () => {
    const { world, gate, evidence, token } = await opened()
    const { response, bell } = await world.decide(world.link(), { decision: 'approve', reason, evidence })
    expect([response.status, bell]).toEqual([200, 'answered'])
    expect(response.body).toContain('Decided: approved')
    expect((await world.theGate(gate)).decisions).toEqual([
      {
        decision: 'approve',
        address: 'steward@example.com',
        role: 'steward',
        reason,
        evidence,
        at: world.clock.now(),
        opening: 1,
        link: sha256(world.link()),
      },
    ])
    expect(world.executions.answers).toEqual([{ taskToken: token, answer: { gate, decision: 'approve' } }])
  })

  test('posted twice it is one decision', async () => {
    const { world, gate, evidence } = await opened()
    const form = { decision: 'repair', reason, evidence }
    const statuses = [await world.decide(world.link(), form), await world.decide(world.link(), form)]
    expect(statuses.map(({ response }) => response.status)).toEqual([200, 200])
    expect((await world.theGate(gate)).decisions).toHaveLength(1)
    expect(world.executions.answers).toHaveLength(1)
  })

  test('of two in the same moment one counts, and the other is shown it', async () => {
    const { world, gate, evidence } = await opened(['one@example.com', 'two@example.com'])
    const both = await Promise.all([
      world.decide(world.link(1, 'one@example.com'), { decision: 'approve', reason, evidence }),
      world.decide(world.link(1, 'two@example.com'), { decision: 'repair', reason, evidence }),
    ])
    expect(both.map(({ response }) => response.status).toSorted()).toEqual([200, 409])
    const { status, decisions } = await world.theGate(gate)
    expect(decisions).toHaveLength(1)
    for (const { response } of both) expect(response.body).toContain(`Decided: ${statusWords[status]}`)
    expect(world.executions.answers).toHaveLength(1)
  })

  test('after the gate has closed is refused, and changes nothing', async () => {
    const { world, gate, evidence } = await opened()
    await world.decide(world.link(), { decision: 'hold', reason, evidence })
    const { response } = await world.decide(world.link(), { decision: 'approve', reason, evidence })
    expect(response.status).toBe(409)
    expect((await world.theGate(gate)).status).toBe('held')
  })

  test('on evidence that has changed since is refused, and the same link shows the new one', async () => {
    const { world, gate, evidence } = await opened()
    const second = await world.judge({ endedAt: '2026-01-01T00:00:30.000Z' })
    const form = { decision: 'approve', reason, evidence }
    await expect(world.decide(world.link(), form)).rejects.toMatchObject({ name: 'StaleEvidence' })
    expect((await world.theGate(gate)).decisions).toEqual([])
    expect((await world.show(world.link())).body).toContain(second.evidence)
    const again = await world.decide(world.link(), { ...form, evidence: second.evidence })
    expect(again.gate?.status).toBe('approved')
  })

  test('to approve what has not passed is refused, whatever the form says', async () => {
    const { world, gate, evidence } = await opened(undefined, {
      batches: { total: 2, done: 1, failed: 1, unfinished: 0 },
    })
    const form = { decision: 'approve', reason, evidence }
    await expect(world.decide(world.link(), form)).rejects.toMatchObject({ name: 'StageNotPassed' })
    expect((await world.theGate(gate)).decisions).toEqual([])
    expect((await world.decide(world.link(), { ...form, decision: 'repair' })).gate?.status).toBe('repair')
  })

  test('on altered evidence is refused', async () => {
    const { world, gate, evidence } = await opened()
    await world.evidence.put((await world.theGate(gate)).evidenceKey, Buffer.from('{}'))
    const form = { decision: 'approve', reason, evidence }
    await expect(world.decide(world.link(), form)).rejects.toMatchObject({ name: 'EvidenceAltered' })
  })

  test('of one person does not fill a quorum of two', async () => {
    const { world, evidence } = await opened(['one@example.com', 'two@example.com'], {}, 2)
    const form = { decision: 'approve', reason, evidence }
    expect((await world.decide(world.link(1, 'one@example.com'), form)).gate?.status).toBe('open')
    expect((await world.decide(world.link(1, 'one@example.com'), form)).gate?.status).toBe('open')
    expect(world.executions.answers).toEqual([])
    expect((await world.decide(world.link(1, 'two@example.com'), form)).gate?.status).toBe('approved')
  })
})

describe('the form', () => {
  test.each([
    ['no decision', { decision: '' }, 'Please choose what shall happen.'],
    ['an unknown decision', { decision: 'reject' }, 'Please choose what shall happen.'],
    ['no reason', { reason: ' \u0007 ' }, 'at least 3 characters'],
    ['a short reason', { reason: 'ok' }, 'at least 3 characters'],
    ['a long reason', { reason: 'x'.repeat(1001) }, 'The reason has 1001 characters'],
    ['something else in it', { extra: '1' }, 'did not arrive as this page sends it'],
    ['a hash that is none', { evidence: 'x' }, 'did not arrive as this page sends it'],
  ])('with %s comes back with what was typed', async (_what, changes, problem) => {
    const { world, gate, evidence } = await opened()
    const form: Record<string, string> = {
      decision: 'repair',
      reason: 'a <b>reason</b>',
      evidence,
      ...changes,
    }
    const { response } = await world.decide(world.link(), form)
    expect(response.status).toBe(422)
    expect(response.body).toContain(problem)
    if (form.reason === 'a <b>reason</b>')
      expect(response.body).toContain('a &lt;b&gt;reason&lt;/b&gt;</textarea>')
    expect((await world.theGate(gate)).decisions).toEqual([])
  })

  test('a reason is kept as plain text, and a thousand astral characters fit', async () => {
    const { world, gate, evidence } = await opened()
    const typed = ` one\r\ntwo\u0000\u202e${'\u{1f600}'.repeat(990)} `
    await world.decide(world.link(), { decision: 'hold', reason: typed, evidence })
    expect((await world.theGate(gate)).decisions[0]?.reason).toBe(`one\ntwo${'\u{1f600}'.repeat(990)}`)
  })

  test.each([
    ['CrossSiteRequest', { 'sec-fetch-site': 'cross-site' }],
    ['CrossSiteRequest', { 'sec-fetch-site': 'same-site' }],
    ['CrossSiteRequest', { origin: 'https://evil.example.com', host: 'gates.example.com' }],
    ['CrossSiteRequest', { origin: 'nonsense', host: 'gates.example.com' }],
    ['CrossSiteRequest', { 'sec-purpose': 'prefetch' }],
    ['MalformedForm', { 'content-type': 'application/json' }],
  ])('%s: is refused with %o', async (name, headers) => {
    const { world, gate, evidence } = await opened()
    const post = world.decide(world.link(), { decision: 'hold', reason, evidence }, headers)
    await expect(post).rejects.toMatchObject({ name })
    expect((await world.theGate(gate)).decisions).toEqual([])
  })

  test.each([
    { 'sec-fetch-site': 'same-origin', origin: 'null' },
    { origin: 'https://gates.example.com', host: 'gates.example.com' },
    { 'content-type': 'application/x-www-form-urlencoded; charset=UTF-8' },
  ])('is taken with %o', async (headers) => {
    const { world, gate, evidence } = await opened()
    const { response } = await world.decide(world.link(), { decision: 'hold', reason, evidence }, headers)
    expect(response.status).toBe(200)
    expect((await world.theGate(gate)).decisions).toHaveLength(1)
  })

  test('is not read when it is too large', async () => {
    const { world, evidence } = await opened()
    const post = world.decide(world.link(), { decision: 'hold', reason: 'x'.repeat(20_000), evidence })
    await expect(post).rejects.toMatchObject({ name: 'FormTooLarge' })
  })
})

describe('what is not recorded is told as refused', () => {
  test.each([
    ['a form that no page has sent', { extra: '1' }, 'MalformedForm'],
    ['a decision that there is not', { decision: 'sell' }, 'MalformedForm'],
    ['no reason, which a person may forget', { reason: '' }, undefined],
    ['no decision, which a person may forget', { decision: undefined }, undefined],
  ])('%s', async (_what, changes, name) => {
    const { world, evidence } = await opened()
    const form = Object.entries({ decision: 'hold', reason, evidence, ...changes })
    const given = Object.fromEntries(form.filter((pair): pair is [string, string] => pair[1] !== undefined))
    expect((await world.decide(world.link(), given)).refused?.name).toBe(name)
  })

  test('a decision that is there already, or comes after the gate has closed', async () => {
    const { world, evidence } = await opened()
    const form = { decision: 'hold', reason, evidence }
    expect((await world.decide(world.link(), form)).refused).toBeUndefined()
    expect((await world.decide(world.link(), form)).refused?.name).toBe('LinkUsed')
    const late = await world.decide(world.link(), { ...form, decision: 'repair' })
    expect(late.refused?.name).toBe('GateClosed')
  })
})
