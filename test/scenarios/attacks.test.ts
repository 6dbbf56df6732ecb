import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import type { LogDraft } from '../../lambdas/shared/domain/decision-log/entry.ts'
import { guessing } from '../../lambdas/shared/domain/gate-rules/guessing.ts'
import { parseApprovalPage } from '../../local/cli/approval-page.ts'
import { localSystem } from '../../local/cli/local-system.ts'
import { synthesise } from '../../local/cli/synthesise.ts'
import { startSystem, type System } from '../../local/system.ts'
import { copyAssembly } from '../permissions/granted-actions.ts'
import { AttackedSystem } from '../support/attacked-system.ts'
import { Operator, silent } from '../support/operator.ts'
import { writeSmallExport } from '../support/small-export.ts'
import { Visitor, type Answer, type Visit } from '../support/visitor.ts'

/**
 * Attacks on a running system, through HTTP: none is accepted, and each is in the log. One run, started by the owner,
 * waits at its first gate, with a link for each of three roles and for the owner, who may override.
 */
const cities = /cities \/ rehearse$/
const airports = /airports \/ rehearse$/
const formType = { 'content-type': 'application/x-www-form-urlencoded' }

let directory: string
let assembly: string
let system: System
let operator: Operator
let world: AttackedSystem
/** Those of earlier deployments. */
const capabilities = new Set<string>()
let links: Record<'steward' | 'qa' | 'operations' | 'owner', string>

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'lockgate-attacks-'))
  const part = { files: 1, rowsPerFile: 6 }
  await writeSmallExport(join(directory, 'export'), { cities: part, airports: part })
  assembly = await synthesise(directory, silent, new AbortController().signal)
  await deploy(assembly)
  await operator.send(join(directory, 'export'))
  world.run = await operator.run({ startedBy: 'owner@example.com', until: 'rehearse' })
  links = await linksOf(cities)
})

afterAll(async () => {
  await stop()
  await rm(directory, { recursive: true, force: true })
})

async function deploy(assemblyDirectory: string): Promise<void> {
  system = await startSystem({ stateDirectory: join(directory, 'state'), assemblyDirectory, port: 0 })
  const local = localSystem(system)
  operator = new Operator(local)
  world = new AttackedSystem(local, operator)
}

async function stop(): Promise<void> {
  for (const text of world?.capabilities ?? []) capabilities.add(text)
  world?.leave()
  operator?.leave()
  await system?.close()
}

async function linksOf(stage: RegExp): Promise<typeof links> {
  const found = {
    steward: await world.link('steward', stage),
    qa: await world.link('qa', stage),
    operations: await world.link('operations', stage),
    owner: await world.link('owner', stage),
  }
  await world.quiet()
  return found
}

/** The run is started again: the gate that was held or rolled back opens anew, with new links. */
async function again(): Promise<void> {
  const before = new Set(Object.values(links))
  world.run = await operator.run({ startedBy: 'owner@example.com', until: 'rehearse' })
  do {
    await operator.pause()
    links = await linksOf(airports)
  } while (Object.values(links).some((link) => before.has(link)))
}

/** What is attempted changes no gate, and the run does not go on. */
async function inVain<T>(attempt: () => Promise<T>): Promise<T> {
  const before = await world.standing()
  const answer = await attempt()
  expect(await world.standing()).toEqual(before)
  expect((await operator.describe(world.run)).status).toBe('RUNNING')
  return answer
}

/** What the form on a page sends. */
function formOn(page: Answer, link: string, decision: string): Record<string, string> {
  const form = parseApprovalPage(page.text, link)
  if (form === undefined) throw new Error(`no form on the page (${page.status})`)
  return { ...form.hidden, [form.decisionField]: decision, reason: 'Looked at it.' }
}

async function expectLogged(chain: string, ...wanted: readonly object[]): Promise<void> {
  const events = await world.logged(chain)
  for (const one of wanted) expect(events).toContainEqual(expect.objectContaining(one))
}

const refused = (error: string, role?: string) => ({
  kind: 'refused',
  ...(role === undefined ? { actor: 'unknown' } : { actor: `${role}@example.com`, role }),
  detail: expect.objectContaining({ error }) as LogDraft['detail'],
})

describe('a mail scanner', () => {
  test('that opens every link by GET, HEAD and as a prefetch decides nothing, and is seen', async () => {
    const visits: readonly [string, Visit][] = [
      ['GET', {}],
      ['HEAD', { method: 'HEAD' }],
      ['PREFETCH', { headers: { 'sec-purpose': 'prefetch;prerender' } }],
      ['PREFETCH', { headers: { purpose: 'prefetch' } }],
    ]
    const answers = await inVain(async () => {
      const all: [string, Answer][] = []
      for (const [view, visit] of visits)
        for (const link of Object.values(links)) all.push([view, await world.approver.visit(link, visit)])
      return all
    })
    for (const [view, { status, text, headers }] of answers) {
      expect(status).toBe(200)
      expect(text === '').toBe(view === 'HEAD')
      expect(headers['content-security-policy']).toContain("default-src 'none'")
    }
    const opened = (await world.logged('cities')).filter(({ kind }) => kind === 'link-opened')
    const wanted = ['steward', 'qa', 'operations', 'owner'].flatMap((role) =>
      ['GET', 'HEAD', 'PREFETCH'].map((view) => `${role}@example.com ${view}`),
    )
    expect(opened.map(({ actor, detail }) => `${actor} ${String(detail?.['method'])}`).toSorted()).toEqual(
      wanted.toSorted(),
    )
  })

  test('that sends what it finds as POST, ahead of anybody, is refused', async () => {
    const form = await world.form(links.steward, 'approve')
    const ahead = { 'sec-purpose': 'prefetch' }
    const answer = await inVain(() => world.approver.post(links.steward, form, ahead))
    expect(answer.status).toBe(403)
    await expectLogged('cities', refused('CrossSiteRequest', 'steward'))
  })
})

describe('a link', () => {
  test('that is forged or cut off opens nothing, and nobody can tell which of both it is', async () => {
    const text = world.capabilityOf(links.qa)
    const form = await world.form(links.qa, 'approve')
    const wrong = [
      world.forged(),
      world.forged(text.slice(0, -1)),
      world.forged(`${text}A`),
      world.forged('..%2f'),
    ]
    const answers = await inVain(async () => {
      const all: Answer[] = []
      for (const link of wrong) {
        all.push(await world.approver.visit(link), await world.approver.post(link, form))
        expect((await world.approver.visit(link, { method: 'HEAD' })).status).toBe(404)
      }
      return all
    })
    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 404))
    expect(new Set(answers.map(({ text: page }) => page)).size).toBe(1)
    await expectLogged('unattributed', refused('GateNotFound'))
  })

  test('that is not for this role does not decide as one that is', async () => {
    const steward = await world.form(links.steward, 'approve')
    const tries: [string, Record<string, string>, number][] = [
      [links.steward, { ...steward, decision: 'override' }, 403],
      [links.owner, { ...steward, decision: 'approve' }, 403],
      [links.steward, { ...steward, role: 'owner', decision: 'override' }, 422],
      [links.qa, { ...steward, address: 'steward@example.com' }, 422],
    ]
    for (const [link, form, status] of tries)
      expect((await inVain(() => world.approver.post(link, form))).status).toBe(status)
    await expectLogged(
      'cities',
      refused('NotYourDecision', 'steward'),
      refused('NotYourDecision', 'owner'),
      refused('MalformedForm', 'steward'),
      refused('MalformedForm', 'qa'),
    )
  })

  test('of who started the run does not override alone', async () => {
    const form = { ...(await world.form(links.steward, 'approve')), decision: 'override' }
    const { status } = await inVain(() => world.approver.post(links.owner, form))
    expect(status).toBe(403)
    await expectLogged('cities', refused('NotYourDecision', 'owner'))
  })

  test('that has expired opens nothing', async () => {
    const expired = await world.alterLink(links.qa, { expiresAt: Date.now() - 1 }, world.forged())
    const form = await world.form(links.qa, 'approve')
    for (const attempt of [() => world.approver.visit(expired), () => world.approver.post(expired, form)])
      expect((await inVain(attempt)).status).toBe(410)
    await expectLogged('cities', refused('GateClosed', 'qa'))
  })
})

describe('a form', () => {
  test('with the hash of other evidence decides nothing', async () => {
    const form = await world.form(links.operations, 'approve')
    const stale = { ...form, evidence: 'a'.repeat(64) }
    expect((await inVain(() => world.approver.post(links.operations, stale))).status).toBe(409)
    await expectLogged('cities', refused('StaleEvidence', 'operations'))
  })

  test.each([
    { 'sec-fetch-site': 'cross-site' },
    { 'sec-fetch-site': 'same-site' },
    { origin: 'https://evil.example.com' },
  ])('from another site decides nothing: %j', async (headers) => {
    const form = await world.form(links.operations, 'approve')
    const answer = await inVain(() => world.approver.post(links.operations, form, headers))
    const wrong = await world.approver.post(world.forged(), form, headers)
    expect([answer.status, wrong.status]).toEqual([403, 403])
    expect(wrong.text).toBe(answer.text)
    await expectLogged('cities', refused('CrossSiteRequest', 'operations'))
    await expectLogged('unattributed', refused('CrossSiteRequest'))
  })

  test.each<[string, Record<string, string>, string | Uint8Array, number, string]>([
    ['larger than a form', formType, `reason=${'a'.repeat(20_000)}`, 413, 'FormTooLarge'],
    ['of JSON', { 'content-type': 'application/json' }, '{"decision":"approve"}', 415, 'MalformedForm'],
    ['of no type', {}, 'decision=approve', 415, 'MalformedForm'],
    ['of parts', { 'content-type': 'multipart/form-data; boundary=x' }, '--x--', 415, 'MalformedForm'],
    ['that is empty', formType, '', 422, 'MalformedForm'],
    ['of bytes', formType, Buffer.from([0xff, 0xfe, 0, 0x26, 0x3d]), 422, 'MalformedForm'],
    ['with a field twice', formType, 'decision=approve&decision=hold&reason=why', 422, 'MalformedForm'],
    ['of an unknown decision', formType, 'decision=sell&reason=why', 422, 'MalformedForm'],
  ])('%s decides nothing', async (_what, headers, body, status, error) => {
    const visit: Visit = { method: 'POST', headers, body }
    expect((await inVain(() => world.approver.visit(links.operations, visit))).status).toBe(status)
    await expectLogged('cities', refused(error, 'operations'))
  })

  test('beyond what the API takes never reaches the function', async () => {
    const visit: Visit = { method: 'POST', headers: formType, body: Buffer.alloc(11 * 1024 * 1024, 'a') }
    expect((await inVain(() => world.approver.visit(links.operations, visit))).status).toBe(413)
  })
})

describe('approvals', () => {
  const markup = '<script>alert("1")</script><img src=x onerror=alert(1)>'
  const nasty = `${markup}\u0000\u0007\u001b[31m\u202e\r\nSecond: line </textarea>`
  const plain = `${markup}[31m\nSecond: line </textarea>`

  test('with markup and control characters for a reason are kept and shown as text', async () => {
    expect((await world.decide(links.steward, 'approve', nasty)).status).toBe(200)
    const { text } = await world.approver.visit(links.qa)
    expect(text).not.toMatch(/<script|<img|onerror=alert\(1\)>/)
    expect(text).toContain('&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt;')

    expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u202e]/)
    await expectLogged('cities', { kind: 'approved', actor: 'steward@example.com', reason: plain })
    expect((await world.gate('cities', 'rehearse')).decisions.at(-1)?.reason).toBe(plain)
  })

  test('by a link that has decided count once, whatever else it says', async () => {
    const form = await world.form(links.qa, 'approve')
    for (const decision of ['approve', 'hold', 'rollback', 'repair'])
      await inVain(() => world.approver.post(links.steward, { ...form, decision }))
    await expectLogged('cities', refused('LinkUsed', 'steward'))
  })

  test('of one person by two links count once', async () => {
    const second = await world.alterLink(links.steward, {}, world.forged())
    expect((await world.decide(second, 'approve')).status).toBe(200)
    expect(await world.gate('cities', 'rehearse')).toMatchObject({ status: 'open' })
    expect((await operator.describe(world.run)).status).toBe('RUNNING')
  })

  test('that are withdrawn do not count', async () => {
    expect((await world.decide(links.qa, 'approve')).status).toBe(200)
    expect((await world.decide(links.qa, 'withdraw')).status).toBe(200)
    expect((await world.decide(links.operations, 'approve')).status).toBe(200)
    expect(await world.gate('cities', 'rehearse')).toMatchObject({ status: 'open' })
    const again = { ...(await world.form(links.owner, 'hold')), decision: 'approve' }
    expect((await inVain(() => world.approver.post(links.qa, again))).status).toBe(409)
    await expectLogged('cities', refused('LinkUsed', 'qa'), { kind: 'withdrawn', actor: 'qa@example.com' })
  })
})

describe('a gate that is decided', () => {
  test('takes no more decisions, and its links are good for no other gate', async () => {
    const late = await world.form(links.owner, 'hold')
    const fresh = await world.alterLink(links.qa, {}, world.forged())
    expect((await world.decide(fresh, 'approve')).status).toBe(200)
    expect(await world.gate('cities', 'rehearse')).toMatchObject({ status: 'approved' })
    const closed = links
    links = await linksOf(airports)
    const other = await world.form(links.qa, 'approve')
    await inVain(async () => {
      for (const link of [closed.owner, closed.operations, closed.qa, fresh])
        for (const form of [late, other])
          expect((await world.approver.post(link, { ...form, decision: 'rollback' })).status).toBe(409)
    })
    expect((await world.gate('airports', 'rehearse')).decisions).toEqual([])
    await expectLogged('cities', refused('GateClosed', 'owner'), refused('GateClosed', 'operations'))
  })

  test('in the same millisecond by two, was decided by one of them', async () => {
    const [hold, repair] = [await world.form(links.qa, 'hold'), await world.form(links.steward, 'repair')]
    const answers = await Promise.all([
      world.approver.post(links.qa, hold),
      world.approver.post(links.steward, repair),
    ])
    expect(answers.map(({ status }) => status).toSorted()).toEqual([200, 409])
    const gate = await world.gate('airports', 'rehearse')
    expect(gate.decisions).toHaveLength(1)
    expect(gate.status).toBe(answers[0]?.status === 200 ? 'held' : 'repair')
    await expectLogged('cities', refused('GateClosed', answers[0]?.status === 200 ? 'steward' : 'qa'))
    expect((await operator.ended(world.run)).status).toBe('SUCCEEDED')
  })
})

describe('somebody who guesses', () => {
  const guesses = 10_000
  const thief = new Visitor('127.0.0.66')
  let seen: Answer[]

  test('10,000 times finds nothing and is refused, while approvers open their links and decide', async () => {
    await again()
    let left = guesses
    const guess = async (): Promise<Answer[]> => {
      const answers: Answer[] = []
      for (let mine = left--; mine > 0; mine = left--) answers.push(await thief.visit(world.forged()))
      return answers
    }
    const attack = Promise.all(Array.from({ length: 32 }, guess))
    const answer = await world.approver.visit(links.steward)
    expect(answer.status).toBe(200)
    const decided = await world.approver.post(links.steward, formOn(answer, links.steward, 'approve'))
    expect(decided.status).toBe(200)
    seen = (await attack).flat()

    expect(seen).toHaveLength(guesses)
    expect([...new Set(seen.map(({ status }) => status))].toSorted()).toEqual([404, 429])
    // Those that were under way when it was found out are not refused yet.
    expect(seen.filter(({ status }) => status === 404).length).toBeLessThan(guessing.most + 32)
    const told = seen.filter(({ headers }) => headers['retry-after'] !== undefined)
    expect(told.length).toBeGreaterThan(0)
    const { decisions, opening } = await world.gate('airports', 'rehearse')
    expect(decisions.filter((one) => one.opening === opening).map(({ role }) => role)).toEqual(['steward'])
    const sources = (await world.logged('unattributed')).filter(({ kind }) => kind === 'source-refused')
    expect(sources).toHaveLength(1)
  })

  test('is refused by every method, and a link that is right works from there all the same', async () => {
    const patient = new Visitor('127.0.0.66', true)
    for (const method of ['GET', 'HEAD', 'POST'] as const) {
      const wrong = await patient.visit(world.forged(), { method, headers: formType })
      expect(Number(wrong.headers['retry-after'])).toBeGreaterThan(0)
      expect([method, wrong.status]).toEqual([method, 429])
    }
    const answer = await patient.visit(links.qa)
    expect(answer.status).toBe(200)
    expect((await patient.post(links.qa, formOn(answer, links.qa, 'approve'))).status).toBe(200)
    expect((await world.approver.visit(world.forged())).status).toBe(404)
    expect((await operator.describe(world.run)).status).toBe('RUNNING')
    patient.leave()
    thief.leave()
  })
})

describe('one person in two roles', () => {
  test('can neither decide at a gate that is open, nor is a run opened', async () => {
    const { run } = world
    const form = formOn(await world.approver.visit(links.operations), links.operations, 'approve')
    await stop()
    const twice = join(directory, 'twice')
    await copyAssembly(assembly, twice, (_file, { Resources }) => {
      for (const { Properties } of Object.values(Resources)) giveTwoRoles(Properties)
    })
    await deploy(twice)
    world.run = run
    expect((await inVain(() => world.approver.post(links.operations, form))).status).toBe(403)
    await expectLogged('cities', refused('ApproverInTwoRoles', 'operations'))
    await operator.stop(run)
    const ended = await operator.ended(await operator.run())
    expect(ended).toMatchObject({ status: 'FAILED' })
    expect((await operator.originOf(ended)).error).toBe('ApproverInTwoRoles')
  })

  /** A deployment in which qa is steward as well. */
  function giveTwoRoles(properties: Record<string, unknown>): void {
    const { data } = z
      .object({ Variables: z.record(z.string(), z.unknown()) })
      .safeParse(properties['Environment'])
    if (typeof data?.Variables['APPROVERS'] !== 'string') return
    const approvers = z.record(z.string(), z.array(z.string())).parse(JSON.parse(data.Variables['APPROVERS']))
    const changed = { ...approvers, steward: ['steward@example.com', 'QA@example.com'] }
    properties['Environment'] = { Variables: { ...data.Variables, APPROVERS: JSON.stringify(changed) } }
  }
})

test('no log has a capability, a task token or the address of a source', async () => {
  const tokens = (await world.gates()).flatMap(({ taskToken }) =>
    taskToken === undefined ? [] : [taskToken],
  )
  expect(tokens.length).toBeGreaterThan(0)
  const secrets = [...capabilities, ...world.capabilities].filter((text) => text.length > 20)
  expect(secrets.length).toBeGreaterThan(10_000)
  const folder = join(directory, 'state', 'logs')
  const decisionLog = JSON.stringify([await world.logged('cities'), await world.logged('unattributed')])
  const texts = await Promise.all((await readdir(folder)).map((file) => readFile(join(folder, file), 'utf8')))
  for (const text of [...texts, decisionLog]) {
    // Every capability is a run of 42 or more of these letters: one pass finds them all.
    const found = new Set(text.match(/[A-Za-z0-9_-]{42,}/g))
    expect(secrets.filter((secret) => found.has(secret))).toEqual([])
    expect(tokens.filter((token) => text.includes(token))).toEqual([])
    expect(text).not.toMatch(/127\.0\.0\.(1|66)\b(?!:\d)/)
  }
})
