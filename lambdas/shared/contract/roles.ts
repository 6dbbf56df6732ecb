import { LockgateError } from './errors.ts'

/** Addresses per role, as `cdk.json` has them. */
export type Approvers = Readonly<Record<string, readonly string[]>>

/** What a gate policy says of roles. */
export interface GateRoles {
  readonly quorum: Readonly<Record<string, number>>
  readonly override?: string | undefined
  readonly escalation?: { readonly to: string } | undefined
}

/** All roles that may have a say at a gate, each once. */
export function rolesOf({ quorum, override, escalation }: GateRoles): string[] {
  const roles = [...Object.keys(quorum), override, escalation?.to]
  return [...new Set(roles.filter((role) => role !== undefined))]
}

/** People are told apart by their address, however it is written. */
export function personOf(address: string): string {
  return address.trim().toLowerCase()
}

export function isSamePerson(one: string, other: string): boolean {
  return personOf(one) === personOf(other)
}

/** Each person of a role once. */
export function peopleOf(role: string, approvers: Approvers): string[] {
  const addresses = Object.hasOwn(approvers, role) ? (approvers[role] ?? []) : []
  return [...new Map(addresses.map((address) => [personOf(address), address])).values()]
}

export function isInRole(address: string, role: string, approvers: Approvers): boolean {
  return peopleOf(role, approvers).some((other) => isSamePerson(address, other))
}

/** Nobody may speak with two voices at one gate. @throws ApproverInTwoRoles. */
export function requireOneRoleEach(policy: GateRoles, approvers: Approvers): void {
  const roles = new Map<string, string>()
  for (const role of rolesOf(policy)) {
    for (const address of peopleOf(role, approvers)) {
      const other = roles.get(personOf(address))
      roles.set(personOf(address), role)
      if (other === undefined) continue
      throw new LockgateError(
        'ApproverInTwoRoles',
        `${address} is ${other} and ${role} at the same gate: leave the address in one role under "approvers" in cdk.json, and deploy`,
      )
    }
  }
}
