import type { PolicyStatement } from '../assembly/model.ts'
import type { Context } from './conditions.ts'
import { conditionsHold } from './conditions.ts'
import { isService, principalContext, principalNames } from './principals.ts'
import { matchesWildcard } from './wildcard.ts'

export interface AuthorizationRequest {
  /** Identity policies of the caller's role; none for a service. */
  readonly identity: readonly PolicyStatement[]
  /** Policy of the resource, where it has one. */
  readonly resource: readonly PolicyStatement[]
  /** ARN of a role or of an assumed role, or a service (`events.amazonaws.com`). */
  readonly principalArn: string
  /** `dynamodb:PutItem` */
  readonly action: string
  /** ARN, or `*` for actions on no particular resource. */
  readonly resourceArn: string
  readonly context: Context
}

export type Decision =
  | { readonly allowed: true }
  | { readonly allowed: false; readonly explicitDeny: boolean; readonly deniedBy?: 'identity' | 'resource' }

/**
 * Decides as IAM does within one account: an explicit deny anywhere wins; else one allow, of the identity or of
 * the resource, is enough; else it is denied. A KMS key is the exception: there an identity policy counts only
 * if the key policy delegates the action to the account.
 */
export function authorize(request: AuthorizationRequest): Decision {
  // Requests come over plain loopback, which nobody else can read or alter; that is what TLS is there for, and
  // policies that deny anything else must let them pass.
  const context = {
    ...principalContext(request.principalArn),
    ...request.context,
    'aws:SecureTransport': 'true',
  }
  const asked = { ...request, context }
  const applies = (statement: PolicyStatement): boolean => covers(statement, asked)
  const names = principalNames(request.principalArn)
  const isFor = (statement: PolicyStatement, principals: readonly string[]): boolean =>
    statement.principals?.some((principal) => principals.includes(principal)) ?? false

  const identity = request.identity.filter(applies)
  const resource = request.resource.filter(applies)
  if (identity.some(denies)) return { allowed: false, explicitDeny: true, deniedBy: 'identity' }
  // A deny that names the account is for everybody in it; an allow only lets the account's own policies decide.
  const everyone = [...names.direct, ...names.account]
  if (resource.some((statement) => denies(statement) && isFor(statement, everyone))) {
    return { allowed: false, explicitDeny: true, deniedBy: 'resource' }
  }
  const allowedByResource = resource.some((statement) => !denies(statement) && isFor(statement, names.direct))
  if (allowedByResource) return { allowed: true }
  const allowedByIdentity = identity.some((statement) => !denies(statement))
  const isDelegated =
    !request.resourceArn.startsWith('arn:aws:kms:') ||
    resource.some((statement) => !denies(statement) && isFor(statement, names.account))
  if (allowedByIdentity && isDelegated && !isService(request.principalArn)) return { allowed: true }
  return { allowed: false, explicitDeny: false }
}

/** Whether a statement, allowing or denying, is about this. Whom it is for is another question. */
export function covers(
  statement: PolicyStatement,
  { action, resourceArn, context }: Pick<AuthorizationRequest, 'action' | 'resourceArn' | 'context'>,
): boolean {
  return (
    matchesAction(statement, action) &&
    statement.resources.some((pattern) => matchesWildcard(pattern, resourceArn)) &&
    conditionsHold(statement.conditions, context)
  )
}

const denies = (statement: PolicyStatement): boolean => statement.effect === 'Deny'

/** Actions are compared without regard to case; resources are not. */
function matchesAction({ actions, notActions }: PolicyStatement, action: string): boolean {
  const matches = (pattern: string): boolean => matchesWildcard(pattern.toLowerCase(), action.toLowerCase())
  return notActions === undefined ? actions.some(matches) : !notActions.some(matches)
}
