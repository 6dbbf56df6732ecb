import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import * as sns from '@aws-sdk/client-sns'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Services } from '../../../../local/services/services.ts'
import { assembly, clientOf, closedGuard, role, scratch, start } from './fixtures.ts'

const stateDirectory = scratch()
const TopicArn = assembly.topics[0]?.arn ?? ''
let services: Services
let client: sns.SNSClient
beforeAll(async () => {
  services = await start({ stateDirectory })
  client = new sns.SNSClient(clientOf(services))
})
afterAll(() => services.close())

const to = (name: string) => ({ to: { DataType: 'String', StringValue: name } })
const publish = (input: Partial<sns.PublishCommandInput>) =>
  client.send(new sns.PublishCommand({ TopicArn, Message: 'text', ...input }))
const arrived = async (count: number) => {
  for (let attempt = 0; services.mails().length < count && attempt < 100; attempt += 1) {
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
  return services.mails()
}

describe('a message', () => {
  it('reaches the address whose filter it matches, as a file and as a page', async () => {
    const heard: string[] = []
    const stop = services.onMail(({ subject }) => heard.push(subject))
    const Message = 'Please decide: http://127.0.0.1/api/x/gates/abc?a=1&b=2.\n<script>alert(1)</script>'
    await publish({ Message, Subject: 'Gate pilot', MessageAttributes: to('ana') })
    const [mail, ...more] = await arrived(1)
    expect(more).toEqual([])
    expect(mail).toMatchObject({
      to: 'ana@example.com',
      subject: 'Gate pilot',
      text: Message,
      topicArn: TopicArn,
      attributes: { to: 'ana' },
    })
    expect(heard).toEqual(['Gate pilot'])
    stop()
    expect(readdirSync(join(stateDirectory, 'mailbox'))).toEqual([`${mail?.id}.json`])

    const list = await (await fetch(`${services.endpoint}/mailbox`)).text()
    expect(list).toContain('ana@example.com')
    const page = await fetch(`${services.endpoint}/mailbox/${mail?.id}`)
    const html = await page.text()
    expect(html).toContain('<a href="http://127.0.0.1/api/x/gates/abc?a=1&amp;b=2" rel="noreferrer">')
    expect(html).not.toContain('<script>')
    expect(page.headers.get('content-security-policy')).toMatch(/^default-src 'none'; style-src 'sha256-/)
    expect((await fetch(`${services.endpoint}/mailbox/none`)).status).toBe(404)
  })

  it('to nobody is taken, and reaches nobody', async () => {
    await publish({ MessageAttributes: to('nobody') })
    await publish({ MessageAttributes: to('bob') })
    expect((await arrived(2)).map((mail) => mail.to)).toEqual(['ana@example.com', 'bob@example.com'])
  })

  it.each([
    ['a subject that is not ASCII', { Subject: 'Gate für Pilot' }, 'Subject'],
    ['a subject of more than 100 characters', { Subject: 'x'.repeat(101) }, 'Subject'],
    ['a subject of two lines', { Subject: 'a\nb' }, 'Subject'],
    ['more than 256 KB', { Message: 'x'.repeat(262_145) }, 'too long'],
    ['a structure', { MessageStructure: 'json', Message: '{"default":"x"}' }, 'MessageStructure'],
  ])('with %s is refused', async (_what, input, word) => {
    await expect(publish(input)).rejects.toThrow(word)
  })
})

describe('subscriptions', () => {
  it('show as confirmed e-mail subscriptions', async () => {
    const { Subscriptions } = await client.send(new sns.ListSubscriptionsByTopicCommand({ TopicArn }))
    expect(Subscriptions).toMatchObject(
      ['ana', 'bob'].map((name) => ({
        Protocol: 'email',
        Endpoint: `${name}@example.com`,
        SubscriptionArn: `${TopicArn}:${name}`,
        TopicArn,
      })),
    )
    const SubscriptionArn = Subscriptions?.[0]?.SubscriptionArn
    const { Attributes } = await client.send(new sns.GetSubscriptionAttributesCommand({ SubscriptionArn }))
    expect(Attributes).toMatchObject({
      PendingConfirmation: 'false',
      Endpoint: 'ana@example.com',
      FilterPolicy: '{"to":["ana"]}',
    })
    const topic = await client.send(new sns.GetTopicAttributesCommand({ TopicArn }))
    expect(topic.Attributes).toMatchObject({ TopicArn })
  })

  it('of a topic that is not there, and operations that are not offered, are refused by name', async () => {
    const missing = new sns.ListSubscriptionsByTopicCommand({ TopicArn: `${TopicArn}-none` })
    await expect(client.send(missing)).rejects.toMatchObject({ name: 'NotFoundException' })
    await expect(client.send(new sns.DeleteTopicCommand({ TopicArn }))).rejects.toThrow(
      'does not offer DeleteTopic',
    )
  })

  it('follow the assembly at the next start, and mail that was there stays', async () => {
    const before = services.mails()
    await services.close()
    const [topic] = assembly.topics
    if (topic === undefined) throw new Error('no topic')
    const [ana, bob] = topic.subscriptions
    if (ana === undefined || bob === undefined) throw new Error('no subscription')
    const changed = { ...topic, subscriptions: [{ ...ana, filterPolicy: { to: ['bob'] } }] }
    services = await start({ stateDirectory, assembly: { ...assembly, topics: [changed] } })
    client = new sns.SNSClient(clientOf(services))
    expect(services.mails()).toEqual(before)
    await publish({ MessageAttributes: to('bob'), Subject: 'again' })
    const mails = await arrived(before.length + 1)
    expect(mails.slice(before.length).map((mail) => mail.to)).toEqual(['ana@example.com'])
  })
})

it('a role that may not publish is refused as SNS does', async () => {
  const closed = await start({ guard: closedGuard })
  const denied = new sns.SNSClient(clientOf(closed, role.arn))
  await expect(denied.send(new sns.PublishCommand({ TopicArn, Message: 'x' }))).rejects.toMatchObject({
    name: 'AuthorizationErrorException',
    $metadata: { httpStatusCode: 403 },
  })
  await closed.close()
})

describe('a subscription that waits to be confirmed', () => {
  it('is listed as pending and gets nothing, until the link in its mail is opened', async () => {
    const own = await start({ unconfirmed: ['ana@example.com'] })
    const { endpoint } = own
    const api = new sns.SNSClient(clientOf(own))
    const list = async () => {
      const { Subscriptions = [] } = await api.send(new sns.ListSubscriptionsByTopicCommand({ TopicArn }))
      return Subscriptions.map(({ Endpoint, SubscriptionArn }) => [Endpoint, SubscriptionArn])
    }
    const send = (Message: string) =>
      api.send(new sns.PublishCommand({ TopicArn, Message, MessageAttributes: to('ana') }))
    expect(await list()).toEqual([
      ['ana@example.com', 'PendingConfirmation'],
      ['bob@example.com', `${TopicArn}:bob`],
    ])
    const [mail, ...more] = own.mails()
    expect([mail?.to, more]).toEqual(['ana@example.com', []])
    expect(mail?.subject).toBe('AWS Notification - Subscription Confirmation')
    const link = /^http:\S+$/m.exec(mail?.text ?? '')?.[0] ?? ''

    await send('before')
    expect((await fetch(`${link}x`)).status).toBe(404)
    expect(await (await fetch(link)).text()).toContain('confirmed')
    expect((await fetch(link)).status).toBe(404)
    await send('after')
    expect((await list())[0]).toEqual(['ana@example.com', `${TopicArn}:ana`])
    while (own.mails().length < 2) await new Promise((resolve) => setTimeout(resolve, 20))
    expect(own.mails().map(({ text }) => text)).toEqual([mail?.text, 'after'])
    expect(endpoint).toBe(new URL(link).origin)
    await own.close()
    await expect(start({ unconfirmed: ['nobody@example.com'] })).rejects.toThrow('ana@example.com')
  })
})
