import { describe, expect, test } from 'vitest'
import { securityHeaders } from '../../../lambdas/shared/domain/page/security-headers.ts'
import { everyPage } from '../../support/every-page.ts'
import { loadsOf } from '../../support/loads.ts'

const pages = everyPage()
const bodyOf = (name: string) => pages.get(name)?.body ?? ''
/** What a person reads of a page, without its style. */
const textOf = (name: string) =>
  bodyOf(name)
    .replace(/<style>.*<\/style>/s, ' ')
    .replaceAll(/<[^>]*>/g, ' ')
    .replaceAll(/\s+/g, ' ')
const offered = (name: string) =>
  [...bodyOf(name).matchAll(/type="radio" name="decision" value="(\w+)"/g)].map(([, value]) => value)

describe('the page of an open gate', () => {
  test('offers each decision of a role, and says what comes of it', () => {
    expect(offered('open')).toEqual(['approve', 'repair', 'rollback', 'hold'])
    for (const text of [
      'You decide as steward (steward@example.com), once.',
      'After yours, 2 approvals are missing: qa and operations. Until then you may withdraw it.',
      'Stage pilot of cities has not passed, and cities goes no further in this run.',
      'This version takes nothing back by itself',
      'Nothing is decided, and',
    ]) {
      expect(textOf('open')).toContain(text)
    }
  })

  test('says how far the quorum is, whose approval is missing, and what else can come of the gate', () => {
    for (const text of [
      '1 of 3 places is filled. 2 approvals are missing: qa and operations.',
      'steward steward@example.com, 1 January 2026 at 06:00 UTC',
      'qa not approved yet',
      'Undecided, the gate expires on 4 January 2026 at 03:00 UTC. It then comes to: Hold.',
      'Undecided for 24 hours, people in the role owner are asked as well; each may fill a missing place.',
      'operator@example.com, who started the run as claimed, can neither complete the quorum nor override alone.',
      'The role owner may override, with a reason that is logged.',
    ]) {
      expect(textOf('half approved')).toContain(text)
    }
  })

  test('counts who stands in after an escalation, and leaves open for whom', () => {
    for (const text of [
      '2 of 3 places are filled. 1 approval is missing: of qa or operations.',
      'owner owner@example.com, 2 January 2026 at 09:00 UTC',
      'People in the role owner have been asked as well; each may fill a missing place.',
    ]) {
      expect(textOf('escalated')).toContain(text)
    }
  })

  test('offers an override to its role alone, marked as one, and no approval of what has not passed', () => {
    expect(offered('override')).toEqual(['repair', 'rollback', 'hold', 'override'])
    expect(offered('not passed')).toEqual(['repair', 'rollback', 'hold'])
    expect(bodyOf('override')).toMatch(
      /class="choice grave"\s*><input type="radio" name="decision" value="override"/,
    )
    expect(textOf('override')).toContain('passes on your word alone, although its verdict is breach.')
    expect(textOf('not passed')).toContain('Approving is not possible: the verdict is breach.')
  })

  test('shows who has approved that it counts, and how to take it back', () => {
    const text = textOf('my approval')
    for (const part of ['You have approved', 'Counts and samples look right.', 'Withdraw my approval']) {
      expect(text).toContain(part)
    }
    expect(offered('my approval')).toEqual([])
    expect(bodyOf('my approval')).toContain(
      '<button type="submit" name="decision" value="withdraw" class="quiet">',
    )
    expect(bodyOf('my approval')).toContain('<details>')
    expect(bodyOf('withdrawing refused')).toContain('<details open>')
  })

  test('says first whether there is anything to do', () => {
    expect(bodyOf('open')).toContain('<a href="#decide">Go to your decision</a>')
    expect(textOf('my approval')).toContain(
      'Your approval is recorded. 2 approvals are missing: qa and operations.',
    )
    expect(textOf('link used')).toContain('This link has decided. 2 approvals are missing')
  })

  test('has no form for a link that has decided', () => {
    expect(bodyOf('link used')).not.toContain('<form')
    expect(textOf('link used')).toContain('This link has decided')
  })

  test('says of each earlier decision whether it counts', () => {
    const [, history = ''] = textOf('half approved').split('Earlier decisions')
    expect(history).toMatch(
      /steward@example.com, as steward, approved on .* It counts\. qa@example.com, as qa, withdrew the approval on .* qa@example.com, as qa, approved on .* Withdrawn: it no longer counts\./,
    )
  })

  test('names the head of the decision log', () => {
    expect(textOf('open')).toContain(`Decision log 17 entries, head 17:${'5e'.repeat(32)}`)
  })
})

test.each([
  [
    'approved',
    'Decided: approved',
    'Stage pilot of cities has passed, and the run goes on to what comes next.',
  ],
  ['overridden', 'Decided: overridden', 'The decision log keeps this as an override.'],
  ['sent back', 'Decided: sent back for repair', 'cities goes no further in this run'],
  ['rolled back', 'Decided: to be rolled back', 'This version takes nothing back by itself'],
  ['held', 'Decided: held', 'it comes back to this gate'],
])('a gate that is %s says by whom, why, and what follows, and has no form', (name, title, follows) => {
  for (const text of [title, follows, '@example.com, as ']) expect(textOf(name)).toContain(text)
  expect(bodyOf(name)).not.toContain('<form')
})

describe('a page that refuses', () => {
  const refusals = [...pages].filter(([name]) => name.startsWith('refused, '))

  test.each(refusals)(
    '%s says so and no more: no gate, no person, no evidence',
    (_name, { status, body }) => {
      expect(status).toBeGreaterThanOrEqual(400)
      expect(body).not.toMatch(/cities|pilot|@example\.com|[0-9a-f]{64}|what the log says/)
      expect(body).not.toContain('<form')
    },
  )

  test.each(['GateNotFound', 'GateClosed', 'LinkUsed', 'StaleEvidence'])('there is one for %s', (name) => {
    expect(pages.has(`refused, ${name}`)).toBe(true)
  })
})

test.each([...pages])('%s loads nothing, whatever the browser allows', (_name, { body }) => {
  expect(loadsOf(body)).toEqual([])
  expect(body).not.toMatch(/https?:\/\/|<script|\bon\w+\s*=\s*["']/i)
})

test.each([...pages].filter(([name]) => !name.startsWith('report')))(
  '%s has all security headers',
  (_name, { headers }) => {
    expect(headers).toMatchObject(securityHeaders)
  },
)
