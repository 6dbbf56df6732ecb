import { expect, test } from 'vitest'
import { gateMail } from '../../../lambdas/shared/domain/mail/gate-mail.ts'
import { mailSubject } from '../../../lambdas/shared/domain/mail/subject.ts'
import {
  bytesText,
  durationText,
  figureText,
  figureTitle,
  limitText,
} from '../../../lambdas/shared/domain/wording/figures.ts'
import { decidedBy, gateOn, linkOf } from '../../support/gate-states.ts'
import { GateWorld } from '../../support/gate-world.ts'
import { pilotSummary, sealed } from '../../support/stage-summaries.ts'

test('a subject is printable ASCII, one line, and under 100 characters', () => {
  expect(mailSubject('caf\u00e9\n\tau  lait')).toBe('caf? au lait')
  expect(mailSubject('x'.repeat(99))).toHaveLength(99)
  expect(mailSubject('x'.repeat(300))).toBe(`${'x'.repeat(96)}...`)
})

test('the mail says what happened, and holds no example and no token', async () => {
  const world = new GateWorld()
  const { gate, evidence } = await world.judge({
    differences: [
      { kind: 'different', key: 'CITY#secret', field: 'name', expected: 'left', actual: 'right' },
    ],
    quarantine: [{ object: 'hidden.csv', line: 1, byte: 0, reason: 'RaggedRow', detail: 'too short' }],
  })
  await world.enter(gate)
  const text = world.notifier.approverMails[0]?.text ?? ''
  for (const part of [
    '1,000 records of cities in 2 batches went through stage pilot.',
    'PASS    Completeness: 100 % (limit: exactly 100 %)',
    evidence,
    '4 January 2026',
    'Approve: ',
    'Send back for repair: ',
    'Roll back: ',
    'Hold: ',
    'operator@example.com (as claimed)',
  ]) {
    expect(text).toContain(part)
  }
  expect(text).toMatch(/extracted +1,000\n/)
  for (const part of ['CITY#secret', 'left', 'hidden.csv', 'token-1']) expect(text).not.toContain(part)
})

test('a mail about a stage that has not passed does not offer to approve it', async () => {
  const world = new GateWorld()
  const { gate } = await world.judge({ batches: { total: 2, done: 1, failed: 1, unfinished: 0 } })
  await world.enter(gate)
  expect(world.notifier.approverMails[0]?.subject).toContain('[fail]')
  expect(world.notifier.approverMails[0]?.text).toContain('Approve: Not possible: the verdict is fail.')
})

test('the mail says how far the quorum is, what an approval does now, and where the decision log ends', () => {
  const { evidence } = sealed(pilotSummary())
  const gate = decidedBy(gateOn(sealed(pilotSummary())), ['steward', 'approve', 1])
  const link = 'https://gates.example.com/gates/secret'
  const head = { length: 17, hash: '5e'.repeat(32) }
  const mail = (role: string) =>
    gateMail({ gate, evidence, approver: linkOf(role), link, isReminder: false, head }).text
  for (const part of [
    'Approve: You agree that stage pilot of cities passes. After yours, 1 approval is missing: operations.',
    'APPROVALS',
    '1 of 3 places is filled. 2 approvals are missing: qa and operations.',
    'steward@example.com, as steward, on 1 January 2026 at 04:00 UTC',
    'people in the role owner are asked as well',
    'can neither complete the quorum nor override alone',
    'This version takes nothing back by itself',
    `Decision log: 17 entries, head 17:${head.hash}`,
  ]) {
    expect(mail('qa')).toContain(part)
  }
  expect(mail('qa')).not.toContain('Override: ')
  expect(mail('owner')).toContain('Override: Stage pilot of cities passes on your word alone.')
  expect(mail('qa').match(/https?:\S+/g)).toEqual([link])
})

test('figures read as people write them, and nothing is rounded to all or nothing', () => {
  expect(figureText('completeness', 1)).toBe('100 %')
  expect(figureText('completeness', 0.99999999)).toBe('99.999999 %')
  expect(figureText('quarantineRate', 1e-9)).toBe('0.0000001 %')
  expect(figureText('accuracy', null)).toBe('not known')
  expect(figureText('conflicts', 12345)).toBe('12,345')
  expect(figureText('fieldAccuracy.name', 0.999)).toBe('99.9 %')
  expect(figureText('controlSums.by country', 2)).toBe('2 off')
  expect(figureText('recordsPerSecond', 1234.5)).toBe('1,234.5 records/s')
  expect([0.26, 60, 7200, 7200.3].map((seconds) => figureText('batchSeconds.p95', seconds))).toEqual([
    ...['0.26 s', '1 min 0 s', '2 h 0 min', '2 h 0 min (7,200.3 s)'],
  ])
  expect(['quarantineRate', 'fieldAccuracy.a.b', 'batchSeconds.p95', 'ledgerGap'].map(figureTitle)).toEqual([
    ...['Quarantine rate', 'Accuracy of a.b', 'Batch time, 95th percentile', 'Ledger gap'],
  ])
  const limit = { figure: 'duration', meaning: '', is: 'atMost', actual: 1, verdict: 'pass' } as const
  expect(limitText({ ...limit, limit: 60, severity: 'breach' })).toBe('at most 1 min 0 s (else a breach)')
  expect([0.26, 59.94, 60, 3725].map(durationText)).toEqual(['0.3 s', '59.9 s', '1 min 0 s', '1 h 2 min'])
  expect([0, 999, 1000, 9_412_332].map(bytesText)).toEqual(['0 bytes', '999 bytes', '1 KB', '9.4 MB'])
})
