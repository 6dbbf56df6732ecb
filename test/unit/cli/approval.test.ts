import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { Verdict } from '../../../lambdas/shared/contract/stages.ts'
import type { Gate, GateDecision } from '../../../lambdas/shared/domain/gate.ts'
import { decisionForm } from '../../../lambdas/shared/domain/page/decision-form.ts'
import { answerGate, approvalLink, isUndecided } from '../../../local/cli/answer-gate.ts'
import { parseApprovalPage } from '../../../local/cli/approval-page.ts'
import { decisionOf, openGate } from '../../support/store-contents.ts'

const evidence = 'ab'.repeat(32)
const gateWith = (verdict: Verdict): Gate => ({
  ...{ ...openGate, evidence, verdict },
  policy: { ...openGate.policy, override: 'owner' },
})
const pageWith = (verdict: Verdict, role = 'steward', decided: GateDecision[] = []) => {
  const link = { hash: 'c'.repeat(64), address: `${role}@example.com`, role }
  return `<!doctype html><body>${String(decisionForm({ ...gateWith(verdict), decisions: decided }, link))}`
}

describe('the form of the page', () => {
  test('is read as the page writes it', () => {
    expect(parseApprovalPage(pageWith('pass'), 'http://127.0.0.1:1/gates/secret')).toEqual({
      action: 'http://127.0.0.1:1/gates/secret',
      hidden: { evidence },
      decisions: ['approve', 'repair', 'rollback', 'hold'],
      decisionField: 'decision',
    })
  })

  test('does not offer to approve a stage that has not passed', () => {
    expect(parseApprovalPage(pageWith('fail'), 'http://127.0.0.1:1/')?.decisions).toEqual([
      ...['repair', 'rollback', 'hold'],
    ])
  })

  test('is not there on a page that only tells', () => {
    expect(parseApprovalPage('<p>decided</p>', 'http://127.0.0.1:1/')).toBeUndefined()
    expect(parseApprovalPage('<form method="get"></form>', 'http://127.0.0.1:1/')).toBeUndefined()
  })
})

describe('an answer', () => {
  let server: Server
  let link: string
  let page: { status: number; html: string }
  let answer: number
  let posted: Record<string, string>[]
  let onPost: () => void

  beforeAll(async () => {
    server = createServer((request, response) => {
      let body = ''
      request.on('data', (part: Buffer) => (body += part.toString()))
      request.on('end', () => {
        if (request.method === 'POST') {
          posted.push(Object.fromEntries(new URLSearchParams(body)))
          onPost()
        }
        response.statusCode = request.method === 'POST' ? answer : page.status
        response.end(request.method === 'POST' ? '' : page.html)
      })
    })
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
    link = `http://127.0.0.1:${(server.address() as AddressInfo).port}/gates/secret`
  })
  beforeEach(() => {
    posted = []
    onPost = () => {}
    answer = 200
    page = { status: 200, html: pageWith('pass') }
  })
  afterAll(() => server.close())

  const { signal } = new AbortController()
  const retrying = { retries: 2, minTimeout: 1, maxTimeout: 1 }

  test('approves what has passed, on the evidence that the page showed', async () => {
    expect(await answerGate(link, signal)).toBe('approved')
    expect(posted).toEqual([
      { decision: 'approve', evidence, reason: expect.stringContaining('--approve') as string },
    ])
  })

  test.each(['fail', 'breach'] as const)('holds a stage with verdict %s', async (verdict) => {
    page.html = pageWith(verdict)
    expect(await answerGate(link, signal)).toBe('held')
    expect(posted.map(({ decision }) => decision)).toEqual(['hold'])
  })

  test('leaves an override to a person, whatever the verdict', async () => {
    for (const verdict of ['pass', 'fail'] as const) {
      page.html = pageWith(verdict, 'owner')
      expect(await answerGate(link, signal)).toBe('left')
    }
    expect(posted).toEqual([])
  })

  test('takes back no approval', async () => {
    page.html = pageWith('pass', 'steward', [{ ...decisionOf('steward@example.com'), evidence }])
    expect(parseApprovalPage(page.html, link)?.decisions).toEqual(['withdraw'])
    expect(await answerGate(link, signal)).toBe('closed')
    expect(await isUndecided(link, signal)).toBe(false)
    expect(posted).toEqual([])
  })

  test('posts nothing where nothing is left to decide', async () => {
    page = { status: 410, html: '<p>This gate is closed.</p>' }
    expect(await answerGate(link, signal)).toBe('closed')
    expect(posted).toEqual([])
  })

  test('is closed when another approver was faster', async () => {
    answer = 409
    expect(await answerGate(link, signal)).toBe('closed')
  })

  test('is still asked for while the page has its form', async () => {
    expect(await isUndecided(link, signal)).toBe(true)
    page = { status: 200, html: '<p>decided</p>' }
    expect(await isUndecided(link, signal)).toBe(false)
    expect(posted).toEqual([])
  })

  test('says what the page answered when it refuses, and does not insist', async () => {
    answer = 422
    await expect(answerGate(link, signal, retrying)).rejects.toThrow('422')
    expect(posted).toHaveLength(1)
  })

  test('is tried again where the page fails, and then says what it answered', async () => {
    answer = 500
    await expect(answerGate(link, signal, retrying)).rejects.toThrow('500')
    expect(posted).toHaveLength(3)
    page = { status: 502, html: 'bad gateway' }
    await expect(answerGate(link, signal, retrying)).rejects.toThrow('502')
    expect(posted).toHaveLength(3)
  })

  test('is not given twice where the decision was recorded and its answer was lost', async () => {
    answer = 503
    onPost = () =>
      (page.html = pageWith('pass', 'steward', [{ ...decisionOf('steward@example.com'), evidence }]))
    expect(await answerGate(link, signal, retrying)).toBe('closed')
    expect(posted).toHaveLength(1)
  })
})

test('the link of a mail leads to the approval page, and to nothing else', () => {
  const approvalUrl = 'http://127.0.0.1:4000/api/a/gates'
  const text = `Hello.\n\nhttps://example.com/docs\n\n${approvalUrl}/secret\n\nbye`
  expect(approvalLink(text, approvalUrl)).toBe(`${approvalUrl}/secret`)
  expect(approvalLink('Run r of cities has ended.', approvalUrl)).toBeUndefined()
  expect(approvalLink(`${approvalUrl}.example.com/x`, approvalUrl)).toBeUndefined()
})
