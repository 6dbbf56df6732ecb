import type { Assembly, PolicyStatement } from '../assembly/model.ts'
import { accessDenied } from './access-denied.ts'
import { authorize } from './authorize.ts'
import type { Context } from './conditions.ts'
import { encryptionActions } from './encryption-actions.ts'
import { roleArnOf } from './principals.ts'
import { requestedAction } from './requested-action.ts'
import type { RequestedAction, RequestScope, ServiceRequest } from './request.ts'
import { unqualified } from './states-actions.ts'

interface Refusal {
  readonly action: string
  readonly resourceArn: string
  /** As AWS words it. */
  readonly message: string
}

/** One permission that somebody asked for on one resource, and what the guard said. */
export interface GuardDecision {
  readonly principalArn: string
  readonly action: string
  readonly resourceArn: string
  readonly context: Context
  readonly allowed: boolean
}

/** Checks what callers may do, by the policies of an assembly. */
export interface Guard {
  /** The first permission that the caller lacks for a request, or undefined if it may pass. */
  refusalOf(principalArn: string, request: ServiceRequest): Refusal | undefined
  /** The same for a permission that is not asked for by a request, e.g. of EventBridge to invoke a function. */
  refusalOfAction(principalArn: string, requested: RequestedAction): Refusal | undefined
}

/** `onDecision` is told each decision; of calls of a table, the first of its kind by each role. */
export function createGuard(
  assembly: Assembly,
  given: RequestScope,
  onDecision?: (decision: GuardDecision) => void,
): Guard {
  const aliases = new Map(assembly.keys.flatMap((key) => key.aliases.map((alias) => [alias, key.arn])))
  const scope: RequestScope = {
    ...given,
    keyArnOf: (key) => given.keyArnOf?.(key) ?? ('alias' in key ? aliases.get(key.alias) : undefined),
  }
  const roles = new Map(assembly.roles.map((role) => [role.arn, role.statements]))
  const policies = new Map<string, readonly PolicyStatement[]>(
    [...assembly.buckets, ...assembly.topics, ...assembly.functions, ...assembly.keys].map((item) => [
      item.arn,
      item.policy,
    ]),
  )
  const keys = new Map(
    [...assembly.buckets, ...assembly.tables, ...assembly.topics].map((item) => [item.arn, item.keyArn]),
  )

  const refusalOfOne = (principalArn: string, requested: RequestedAction): Refusal | undefined => {
    const { action, context } = requested
    for (const resourceArn of requested.resourceArns) {
      const identity = roles.get(roleArnOf(principalArn)) ?? []
      const resource = policies.get(ownerOf(resourceArn)) ?? []
      const decision = authorize({ identity, resource, principalArn, action, resourceArn, context })
      onDecision?.({ principalArn, action, resourceArn, context, allowed: decision.allowed })
      if (decision.allowed) continue
      return { action, resourceArn, message: accessDenied(principalArn, action, resourceArn, decision) }
    }
    return undefined
  }
  // Callers without a request may name a version by its own ARN, which AWS does not compare with policies.
  const refusalOfAction = (principalArn: string, { action, resourceArns, context }: RequestedAction) => {
    for (const given of resourceArns.map(unqualified)) {
      const requested = {
        action,
        resourceArns: given.resourceArns,
        context: { ...context, ...given.context },
      }
      const refusal = refusalOfOne(principalArn, requested)
      if (refusal !== undefined) return refusal
    }
    return undefined
  }
  return {
    refusalOfAction,
    refusalOf: (principalArn, request) => {
      const needed = [
        ...requestedAction(request, scope),
        ...encryptionActions(request, scope, (arn) => keys.get(arn)),
      ]
      for (const requested of needed) {
        const refusal = refusalOfAction(principalArn, requested)
        if (refusal !== undefined) return refusal
      }
      return undefined
    },
  }
}

/** The resource whose policy counts: the bucket of an object, the function of a version. */
function ownerOf(resourceArn: string): string {
  if (resourceArn.startsWith('arn:aws:s3:::')) return resourceArn.split('/')[0] ?? resourceArn
  return resourceArn.replace(/^(arn:aws:lambda:[^:]*:[^:]*:function:[^:]+):.+$/, '$1')
}
