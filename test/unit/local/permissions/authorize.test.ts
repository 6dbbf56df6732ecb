import { describe, expect, it } from 'vitest'
import type { PolicyStatement } from '../../../../local/assembly/model.ts'
import { accessDenied } from '../../../../local/permissions/access-denied.ts'
import { authorize } from '../../../../local/permissions/authorize.ts'
import { assumedRoleArn, roleArnOf } from '../../../../local/permissions/principals.ts'

const roleArn = 'arn:aws:iam::000000000000:role/load'
const caller = assumedRoleArn(roleArn, 'load-session')
const table = 'arn:aws:dynamodb:us-east-1:000000000000:table/Places'
const keyArn = 'arn:aws:kms:us-east-1:000000000000:key/1'

const allow = (more: Partial<PolicyStatement> = {}): PolicyStatement => ({
  effect: 'Allow',
  actions: ['dynamodb:PutItem'],
  resources: [table],
  conditions: {},
  ...more,
})
const deny = (more: Partial<PolicyStatement> = {}): PolicyStatement => ({ ...allow(more), effect: 'Deny' })

function decide(given: Partial<Parameters<typeof authorize>[0]>) {
  return authorize({
    identity: [],
    resource: [],
    principalArn: caller,
    action: 'dynamodb:PutItem',
    resourceArn: table,
    context: {},
    ...given,
  })
}
const allowed = { allowed: true }
const denied = { allowed: false, explicitDeny: false }

describe('identity policies', () => {
  it('deny what nobody allows', () => {
    expect(decide({})).toEqual(denied)
  })
  it('allow the action on the resource', () => {
    expect(decide({ identity: [allow()] })).toEqual(allowed)
  })
  it('let an explicit deny win, in whatever order', () => {
    const refusal = { allowed: false, explicitDeny: true, deniedBy: 'identity' }
    expect(decide({ identity: [deny(), allow()] })).toEqual(refusal)
    expect(decide({ identity: [allow(), deny()] })).toEqual(refusal)
  })
  it('let a deny of the identity win over an allow of the resource', () => {
    const resource = [allow({ principals: [roleArn] })]
    expect(decide({ identity: [deny()], resource })).toMatchObject({ allowed: false, explicitDeny: true })
  })
  it.each([
    ['dynamodb:*', true],
    ['DynamoDB:putitem', true],
    ['dynamodb:Put*', true],
    ['dynamodb:PutIte?', true],
    ['dynamodb:PutIte', false],
    ['dynamodb:Get*', false],
    ['*', true],
  ])('match the action %s: %s', (action, isAllowed) => {
    expect(decide({ identity: [allow({ actions: [action] })] }).allowed).toBe(isAllowed)
  })
  it.each([
    ['arn:aws:dynamodb:*:*:table/Places', true],
    ['arn:aws:dynamodb:us-east-1:000000000000:table/P?aces', true],
    ['arn:aws:dynamodb:us-east-1:000000000000:table/places', false],
    ['arn:aws:dynamodb:us-east-1:000000000000:table/Places/index/*', false],
    ['*', true],
  ])('match the resource %s: %s', (resource, isAllowed) => {
    expect(decide({ identity: [allow({ resources: [resource] })] }).allowed).toBe(isAllowed)
  })
  it('take NotAction as everything else', () => {
    const identity = [allow({ actions: [], notActions: ['dynamodb:Delete*'] })]
    expect(decide({ identity })).toEqual(allowed)
    expect(decide({ identity, action: 'dynamodb:DeleteItem' })).toEqual(denied)
  })
  it('do not allow one resource what they allow another', () => {
    expect(decide({ identity: [allow()], resourceArn: `${table}2` })).toEqual(denied)
  })
})

describe('resource policies', () => {
  it.each([roleArn, caller, '*'])('allow on their own a caller named as %s', (principal) => {
    expect(decide({ resource: [allow({ principals: [principal] })] })).toEqual(allowed)
  })
  it('do not allow another role', () => {
    expect(decide({ resource: [allow({ principals: [`${roleArn}er`] })] })).toEqual(denied)
  })
  it('only delegate where they name the account', () => {
    const resource = [allow({ principals: ['arn:aws:iam::000000000000:root'] })]
    expect(decide({ resource })).toEqual(denied)
    expect(decide({ resource, identity: [allow()] })).toEqual(allowed)
  })
  it('deny everybody where they name the account', () => {
    const resource = [deny({ principals: ['arn:aws:iam::000000000000:root'] })]
    expect(decide({ resource, identity: [allow()] })).toEqual({
      allowed: false,
      explicitDeny: true,
      deniedBy: 'resource',
    })
  })
  it('let services in by name, and no identity policy does', () => {
    const principalArn = 'events.amazonaws.com'
    expect(decide({ principalArn, resource: [allow({ principals: [principalArn] })] })).toEqual(allowed)
    expect(decide({ principalArn, resource: [allow({ principals: ['sns.amazonaws.com'] })] })).toEqual(denied)
    expect(decide({ principalArn, identity: [allow()] })).toEqual(denied)
  })
  it('take loopback for TLS', () => {
    const conditions = { Bool: { 'aws:SecureTransport': 'false' } }
    const resource = [deny({ principals: ['*'], conditions })]
    expect(decide({ resource, identity: [allow()], context: { 'aws:SecureTransport': 'false' } })).toEqual(
      allowed,
    )
  })
})

describe('KMS keys', () => {
  const use = { action: 'kms:Sign', resourceArn: keyArn }
  const identity = [allow({ actions: ['kms:Sign'], resources: [keyArn] })]
  const all = { actions: ['kms:*'], resources: ['*'] }

  it('are not opened by an identity policy alone', () => {
    expect(decide({ ...use, identity })).toEqual(denied)
  })
  it('are opened by an identity policy to which the key policy delegates', () => {
    const resource = [allow({ ...all, principals: ['arn:aws:iam::000000000000:root'] })]
    expect(decide({ ...use, identity, resource })).toEqual(allowed)
    expect(decide({ ...use, resource })).toEqual(denied)
  })
  it('are opened by a key policy that names the role', () => {
    expect(decide({ ...use, resource: [allow({ ...all, principals: [roleArn] })] })).toEqual(allowed)
  })
})

describe('wording', () => {
  it('names the assumed role, the action and the resource', () => {
    expect(accessDenied(caller, 'dynamodb:PutItem', table)).toBe(
      `User: arn:aws:sts::000000000000:assumed-role/load/load-session is not authorized to perform: dynamodb:PutItem on resource: ${table} because no identity-based policy allows the dynamodb:PutItem action`,
    )
  })
  it('says where an explicit deny stands', () => {
    const message = accessDenied(caller, 's3:GetObject', 'arn:aws:s3:::b/k', {
      explicitDeny: true,
      deniedBy: 'resource',
    })
    expect(message).toMatch(/with an explicit deny in a resource-based policy$/)
  })
  it('finds the role behind a session', () => {
    expect(roleArnOf(caller)).toBe(roleArn)
    expect(roleArnOf(roleArn)).toBe(roleArn)
  })
})
