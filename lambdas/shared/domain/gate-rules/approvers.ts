import type { Gate } from '../gate.ts'

export interface Approver {
  readonly role: string
  readonly address: string
}

/** Those who are asked at a gate: everybody in a role that its quorum names. */
export function approversOf(
  gate: Pick<Gate, 'quorum'>,
  addresses: Readonly<Record<string, readonly string[]>>,
): Approver[] {
  return Object.keys(gate.quorum).flatMap((role) =>
    [...new Set(addresses[role] ?? [])].map((address) => ({ role, address })),
  )
}
