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

/** In the second, only four eyes keep who started the run from passing it alone. */
export const quorums: readonly Places[] = [{ steward: 2, qa: 1 }, { steward: 1 }]

export const policyOf = (quorum: Places): MigrationOptions['gate'] => ({
  quorum,
  override: 'owner',
  expiresAfter: '3 days',
  remindEvery: '1 days',
  escalation: { after: '2 days', to: 'board' },
})
