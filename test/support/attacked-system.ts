import { GetCommand, PutCommand, DynamoDBDocumentClient, paginateScan } from '@aws-sdk/lib-dynamodb'
import { createHash, randomBytes } from 'node:crypto'
import { z } from 'zod'
import { signedEntry, type LogDraft } from '../../lambdas/shared/domain/decision-log/entry.ts'
import { capability, gate, type Capability, type Gate } from '../../lambdas/shared/domain/gate.ts'
import { approvalLink } from '../../local/cli/answer-gate.ts'
import type { LocalSystem } from '../../local/cli/local-system.ts'
import { parseApprovalPage } from '../../local/cli/approval-page.ts'
import type { Operator } from './operator.ts'
import { tableEndingWith } from './places-table.ts'
import { Visitor, type Answer } from './visitor.ts'

const logItem = z.object({ pk: z.string(), sk: z.string(), text: z.string() })

/** Everything that an attack must leave as it is. */
export interface Standing {
  readonly gates: readonly Gate[]
  /** How many events the history of the run has. */
  readonly events: number
}

/** A running system under attack: what is at its gates, in its log, and how far its run is. */
export class AttackedSystem {
  readonly approver = new Visitor('127.0.0.1', true)
  /** Every capability that was ever in a link here. */
  readonly capabilities = new Set<string>()
  readonly #system: LocalSystem
  readonly #operator: Operator
  readonly #documents: DynamoDBDocumentClient
  run = ''

  constructor(system: LocalSystem, operator: Operator) {
    this.#system = system
    this.#operator = operator
    this.#documents = DynamoDBDocumentClient.from(operator.clients.dynamodb)
  }

  /** The link in the newest mail to somebody about a stage, once it is there. */
  async link(role: string, stage: RegExp): Promise<string> {
    const { text } = await this.#operator.mailTo(`${role}@example.com`, stage)
    const link = approvalLink(text, this.#system.approvalUrl)
    if (link === undefined) throw new Error(`no link in: ${text}`)
    this.capabilities.add(this.capabilityOf(link))
    return link
  }

  /** A link that nobody was sent. */
  forged(text = randomBytes(32).toString('base64url')): string {
    this.capabilities.add(text)
    return `${this.#system.approvalUrl}/gates/${text}`
  }

  capabilityOf = (link: string): string => link.slice(link.lastIndexOf('/') + 1)

  /** What the form of a page would send with this. */
  async form(link: string, decision: string, reason = 'Looked at it.'): Promise<Record<string, string>> {
    const page = await this.approver.visit(link)
    const form = parseApprovalPage(page.text, link)
    if (form === undefined) throw new Error(`no form on the page (${page.status})`)
    return { ...form.hidden, [form.decisionField]: decision, reason }
  }

  /** Decides as the page of the link does. */
  async decide(link: string, decision: string, reason?: string): Promise<Answer> {
    return this.approver.post(link, await this.form(link, decision, reason))
  }

  async gates(): Promise<Gate[]> {
    const found = await this.#scan('gates')
    return found
      .filter(({ sk }) => sk === 'GATE')
      .map(({ content }) => gate.parse(content))
      .toSorted((a, b) => (a.id < b.id ? -1 : 1))
  }

  async gate(segment: string, stage: string): Promise<Gate> {
    const found = (await this.gates()).find((one) => one.segment === segment && one.stage === stage)
    if (found === undefined) throw new Error(`no gate of ${segment} ${stage}`)
    return found
  }

  /** Once the run waits at a gate, and all that has happened there is told. */
  async quiet(): Promise<void> {
    for (;;) {
      const waits = (await this.#operator.history(this.run)).at(-1)?.type === 'TaskSubmitted'
      if (waits && (await this.gates()).every(({ outbox }) => outbox.length === 0)) return
      await this.#operator.pause()
    }
  }

  async standing(): Promise<Standing> {
    return { gates: await this.gates(), events: (await this.#operator.history(this.run)).length }
  }

  /** The events of a chain, in their order. */
  async logged(chain: string): Promise<LogDraft[]> {
    const entries = (await this.#scan('-log')).flatMap((item) => {
      const { data } = logItem.safeParse(item)
      return data?.pk === `LOG#${chain}` ? [data] : []
    })
    return entries
      .toSorted((a, b) => (a.sk < b.sk ? -1 : 1))
      .map(({ text }) => signedEntry.parse(JSON.parse(text)).entry.event)
  }

  /** Changes what a link stands for, or copies it to another link: as time, or another mail, would do it. */
  async alterLink(link: string, change: Partial<Capability>, to = link): Promise<string> {
    const TableName = await tableEndingWith(this.#operator.clients.dynamodb, 'gates')
    const keyOf = (one: string) => {
      const hash = createHash('sha256').update(this.capabilityOf(one)).digest('hex')
      return { hash, key: { pk: `CAPABILITY#${hash}`, sk: 'CAPABILITY' } }
    }
    const { Item } = await this.#documents.send(new GetCommand({ TableName, Key: keyOf(link).key }))
    const { hash, key } = keyOf(to)
    const content = { ...capability.parse(Item?.['content']), hash, ...change }
    await this.#documents.send(new PutCommand({ TableName, Item: { ...key, content } }))
    return to
  }

  async #scan(ending: string): Promise<Record<string, unknown>[]> {
    const TableName = await tableEndingWith(this.#operator.clients.dynamodb, ending)
    const pages = paginateScan({ client: this.#documents }, { TableName, ConsistentRead: true })
    return (await Array.fromAsync(pages)).flatMap(({ Items = [] }) => Items)
  }

  leave(): void {
    this.approver.leave()
  }
}
