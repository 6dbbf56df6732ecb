import type { Guard } from '../permissions/guard.ts'
import { assumedRoleArn } from '../permissions/principals.ts'
import { AccessDenied } from './calls.ts'
import type { Caller, RoleKeys } from './role-keys.ts'

type ServiceCall = Parameters<Guard['refusalOf']>[1]
type RequestedAction = Parameters<Guard['refusalOfAction']>[1]

/** Who calls, and whether they may. */
export class Callers {
  readonly #keys: RoleKeys
  readonly #guard: Guard

  constructor(keys: RoleKeys, guard: Guard) {
    this.#keys = keys
    this.#guard = guard
  }

  of(accessKeyId: string | undefined): Caller {
    return this.#keys.callerOf(accessKeyId)
  }

  /** Throws AccessDenied. */
  permit(caller: Caller, call: ServiceCall): void {
    const principal = principalOf(caller)
    const refusal = principal && this.#guard.refusalOf(principal, call)
    if (refusal) throw new AccessDenied(refusal.message)
  }

  /** Throws AccessDenied. */
  permitAction(caller: Caller, action: RequestedAction): void {
    const principal = principalOf(caller)
    const refusal = principal && this.#guard.refusalOfAction(principal, action)
    if (refusal) throw new AccessDenied(refusal.message)
  }
}

/** ARN of the assumed role; undefined for the operator, who is not asked. */
function principalOf(caller: Caller): string | undefined {
  if (caller === 'operator') return undefined
  if (caller === 'unknown') throw new AccessDenied('The security token included in the request is invalid.')
  return assumedRoleArn(caller.roleArn, 'local')
}
