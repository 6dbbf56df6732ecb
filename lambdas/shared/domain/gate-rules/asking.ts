import type { Gate } from '../gate.ts'
import type { Approver, DueApprover } from './approvers.ts'
import { personOf } from '../../contract/roles.ts'
import { logged, nobody } from './outbox.ts'

/** Who was mailed in one go, and who of those due has no confirmed subscription. */
export interface Round {
  readonly reached: readonly DueApprover[]
  readonly unconfirmed: readonly Approver[]
  readonly at: number
}

/** The gate after its mails have gone out. `undefined` when there is nothing to tell, or it is told already. */
export function askedAll(gate: Gate, { reached, unconfirmed, at }: Round): Gate | undefined {
  const news = reached.filter(({ address }) => (gate.asked[personOf(address)] ?? 0) < at)
  if (news.length === 0) return undefined
  const asked = { ...gate.asked, ...Object.fromEntries(news.map(({ address }) => [personOf(address), at])) }
  const list = (people: readonly Approver[]) =>
    people.map(({ address, role }) => `${address} (${role})`).join(', ')
  const silent = unconfirmed.length === 0 ? '' : ` Not confirmed, and not reached: ${list(unconfirmed)}.`
  return (['asked', 'reminded'] as const).reduce(
    (told, kind) => {
      const people = news.filter(({ asking }) => asking === kind)
      if (people.length === 0) return told
      const reason = `A mail went to ${list(people)}.${silent}`
      return logged(told, { kind, at, ...nobody, reason, detail: { people: people.length } })
    },
    { ...gate, asked } satisfies Gate,
  )
}
