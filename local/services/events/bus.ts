import { setTimeout as sleep } from 'node:timers/promises'
import type { RuleModel } from '../../assembly/model.ts'
import type { FunctionPool } from '../../lambda/pool.ts'
import type { Guard } from '../../permissions/guard.ts'
import { AccessDenied } from '../calls.ts'
import { inputOf } from './input.ts'
import { checkPattern, matchesPattern, UnsupportedPattern } from './pattern.ts'

/** An event as rules see it. */
export interface BusEvent {
  readonly source: string
  readonly 'detail-type': string
  readonly detail: Readonly<Record<string, unknown>>
  readonly resources?: readonly string[]
  readonly [field: string]: unknown
}

export interface BusPorts {
  readonly invoke: FunctionPool['invoke']
  readonly publish: (topicArn: string, message: string) => Promise<void>
  readonly guard: Guard
  /** How often the service tries again: AWS after minutes, here after seconds. */
  readonly retriesOf: (targetArn: string) => number
  readonly region: string
  readonly account: string
}

type RuleTarget = RuleModel['targets'][number]

/** The default event bus, for rules with functions and topics as targets. */
export class EventBus {
  readonly #rules: readonly RuleModel[]
  readonly #ports: BusPorts

  /** Throws UnsupportedPattern, so that a rule is refused at the start and not when its event comes. */
  constructor(rules: readonly RuleModel[], ports: BusPorts) {
    for (const { name, pattern, targets } of rules) {
      checkPattern(pattern, name)
      const unknown = targets.find(({ arn }) => !/^arn:aws:(?:lambda|sns):/.test(arn))
      if (unknown) throw new UnsupportedPattern(`${name}: the target ${unknown.arn} is not supported`)
    }
    this.#rules = rules
    this.#ports = ports
  }

  /** Resolves when all targets have it; rejects with what each of them failed with in the end. */
  async emit(draft: BusEvent): Promise<void> {
    const { region, account } = this.#ports
    const time = new Date().toISOString().replace(/\.\d+Z$/, 'Z')
    const event = { version: '0', id: crypto.randomUUID(), time, region, account, resources: [], ...draft }
    const rules = this.#rules.filter(({ pattern }) => matchesPattern(pattern, event))
    const deliveries = rules.flatMap((rule) =>
      rule.targets.map((target) => this.#deliver(rule, target, inputOf(rule, target, event))),
    )
    const outcomes = await Promise.allSettled(deliveries)
    const failures = outcomes.flatMap((outcome) =>
      outcome.status === 'rejected' ? [outcome.reason as unknown] : [],
    )
    if (failures.length > 0)
      throw new AggregateError(failures, `${failures.length} targets of ${draft.source} failed`)
  }

  async #deliver(rule: RuleModel, target: RuleTarget, input: unknown): Promise<void> {
    const attempts = 1 + this.#ports.retriesOf(target.arn)
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await this.#deliverOnce(rule, target, input)
      } catch (error) {
        // A missing permission does not come back by waiting.
        if (attempt === attempts || error instanceof AccessDenied) throw error
        await sleep(1000 * attempt)
      }
    }
  }

  async #deliverOnce(rule: RuleModel, { arn, roleArn }: RuleTarget, input: unknown): Promise<void> {
    const isFunction = arn.startsWith('arn:aws:lambda:')
    const action = isFunction ? 'lambda:InvokeFunction' : 'sns:Publish'
    const context = { 'aws:SourceArn': rule.arn, 'aws:SourceAccount': this.#ports.account }
    const requested = { action, resourceArns: [arn], context }
    const refusal = this.#ports.guard.refusalOfAction(roleArn ?? 'events.amazonaws.com', requested)
    if (refusal) throw new AccessDenied(refusal.message)
    if (!isFunction) return this.#ports.publish(arn, JSON.stringify(input))
    const result = await this.#ports.invoke({ functionArn: arn, payload: input })
    if (result.functionError) throw new Error(`${arn} failed: ${JSON.stringify(result.payload)}`)
  }
}
