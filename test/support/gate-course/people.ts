import type { ExpiryDecision } from '../../../lambdas/shared/contract/stages.ts'
import type { MigrationOptions } from '../../../lambdas/shared/domain/definition/migration.ts'

/** Everybody at the gates of the model. The operator who starts most runs is a steward as well. */
export const people = {
  'operator@example.com': 'steward',
  'ada@example.com': 'steward',
  'bob@example.com': 'steward',
  'cleo@example.com': 'qa',
  'dan@example.com': 'qa',
  'owner@example.com': 'owner',
  'board@example.com': 'board',
} as const
export type Person = keyof typeof people
export const everybody = Object.keys(people) as Person[]

export const approversNow = (): Record<string, string[]> => {
  const roles: Record<string, string[]> = {}
  for (const [address, role] of Object.entries(people)) (roles[role] ??= []).push(address)
  return roles
}

export type Places = Readonly<Record<string, number>>

/** Under which a course is played. */
export interface Rules {
  readonly places: Places
  /** Whom the gate is escalated to. */
  readonly standIn: string
  readonly remindEvery: '1 days' | '3 days'
  readonly onExpiry: ExpiryDecision
}

/** In the second, only four eyes keep who started the run from passing it alone; its stand-ins are asked before. */
export const rules: readonly Rules[] = [
  { places: { steward: 2, qa: 1 }, standIn: 'board', remindEvery: '1 days', onExpiry: 'hold' },
  { places: { steward: 1 }, standIn: 'owner', remindEvery: '3 days', onExpiry: 'rollback' },
  { places: { steward: 1, qa: 1 }, standIn: 'board', remindEvery: '1 days', onExpiry: 'repair' },
]

export const policyOf = ({ places, standIn, remindEvery, onExpiry }: Rules): MigrationOptions['gate'] => ({
  quorum: places,
  override: 'owner',
  expiresAfter: '3 days',
  onExpiry,
  remindEvery,
  escalation: { after: '2 days', to: standIn },
})
