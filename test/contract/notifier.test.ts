import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { snsNotifier } from '../../lambdas/shared/adapters/sns-notifier/notifier.ts'
import type { Mail, Notifier } from '../../lambdas/shared/ports/notifier.ts'
import { FakeNotifier } from '../support/fake-notifier.ts'
import { startMail, type MailServer } from '../support/mail-server.ts'

const [ana, bob, operator] = ['ana@example.com', 'bob@example.com', 'operator@example.com']
const stranger = 'stranger@example.com'

interface World {
  readonly notifier: Notifier
  /** What has arrived since the last call, once it is `count` mails. */
  readonly arrived: (count: number) => Promise<(Mail & { readonly to: string })[]>
}

let server: MailServer
beforeAll(async () => {
  server = await startMail([ana, bob], operator)
})
afterAll(() => server.stop())

const worlds: Record<string, () => World> = {
  fake: () => {
    const notifier = new FakeNotifier()
    notifier.pending.add(stranger)
    return {
      notifier,
      async arrived() {
        const approvals = notifier.approverMails
          .splice(0)
          .map(({ address, ...mail }) => ({ ...mail, to: address }))
        const notices = notifier.operatorMails.splice(0).map((mail) => ({ ...mail, to: operator }))
        return [...approvals, ...notices]
      },
    }
  },
  SNS: () => ({
    notifier: snsNotifier(server.client, server.topics),
    async arrived(count) {
      const mails = await server.arrived(count)
      return mails.map(({ to, subject, text }) => ({ to, subject, text }))
    },
  }),
}

const mail = {
  subject: 'Lockgate [pass] to decide: places / cities / pilot',
  text: 'F\u00fcr\nSie: \u{1f600}',
}

describe.each(Object.entries(worlds))('a notifier: %s', (_, open) => {
  test('a mail reaches the one approver whom it is for, or the operators', async () => {
    const { notifier, arrived } = open()
    await notifier.toApprover(ana, mail)
    expect(await arrived(1)).toEqual([{ ...mail, to: ana }])
    await notifier.toOperators({ ...mail, subject: 'x'.repeat(99) })
    expect(await arrived(1)).toEqual([{ ...mail, subject: 'x'.repeat(99), to: operator }])
  })

  test('a mail to somebody who has not subscribed reaches nobody', async () => {
    const { notifier, arrived } = open()
    await notifier.toApprover(stranger, mail)
    await notifier.toApprover(bob, mail)
    expect(await arrived(1)).toEqual([{ ...mail, to: bob }])
  })

  test.each<[string, Partial<Mail>]>([
    ['a subject that is not ASCII', { subject: 'F\u00fcr Sie' }],
    ['a subject that is too long', { subject: 'x'.repeat(101) }],
    ['a subject of two lines', { subject: 'a\nb' }],
    ['a subject that begins with a space', { subject: ' a' }],
    ['no subject', { subject: '' }],
    ['no text', { text: '' }],
    ['a text that is too long', { text: '\u00fc'.repeat(131_073) }],
  ])('%s is refused, and nothing is sent', async (_what, change) => {
    const { notifier, arrived } = open()
    const refusal = { name: 'InvalidParameterException' }
    await expect(notifier.toApprover(ana, { ...mail, ...change })).rejects.toMatchObject(refusal)
    await expect(notifier.toOperators({ ...mail, ...change })).rejects.toMatchObject(refusal)
    await notifier.toOperators(mail)
    expect(await arrived(1)).toEqual([{ ...mail, to: operator }])
  })

  test('those who have not subscribed are named, once each, in the order in which they were asked for', async () => {
    const { notifier } = open()
    expect(await notifier.unconfirmed([])).toEqual([])
    expect(await notifier.unconfirmed([ana, bob, ana])).toEqual([])
    expect(await notifier.unconfirmed([stranger, ana, stranger])).toEqual([stranger])
  })
})
