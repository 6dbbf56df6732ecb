import type { Context } from './conditions.ts'

/** `arn:aws:sts::<account>:assumed-role/<role>/<session>`: who AWS says has called. */
export function assumedRoleArn(roleArn: string, session: string): string {
  const [, account, role] = /^arn:aws:iam::(\d+):role\/(?:.*\/)?([^/]+)$/.exec(roleArn) ?? []
  if (account === undefined || role === undefined) throw new TypeError(`${roleArn} is not the ARN of a role`)
  return `arn:aws:sts::${account}:assumed-role/${role}/${session}`
}

/** The role behind an assumed role; a role itself is given back. */
export function roleArnOf(principalArn: string): string {
  const [, account, role] = /^arn:aws:sts::(\d+):assumed-role\/([^/]+)\//.exec(principalArn) ?? []
  return account === undefined || role === undefined ? principalArn : `arn:aws:iam::${account}:role/${role}`
}

export const isService = (principalArn: string): boolean => principalArn.endsWith('.amazonaws.com')

const accountOf = (principalArn: string): string => principalArn.split(':')[4] ?? ''

/** How a resource policy may name the caller: itself, and the account it belongs to. */
export function principalNames(principalArn: string): {
  readonly direct: readonly string[]
  readonly account: readonly string[]
} {
  if (isService(principalArn)) return { direct: ['*', principalArn], account: [] }
  const account = accountOf(principalArn)
  return {
    direct: ['*', principalArn, roleArnOf(principalArn)],
    account: [account, `arn:aws:iam::${account}:root`],
  }
}

/** Condition keys that follow from the caller. */
export function principalContext(principalArn: string): Context {
  if (isService(principalArn)) {
    return { 'aws:PrincipalIsAWSService': 'true', 'aws:PrincipalServiceName': principalArn }
  }
  return {
    'aws:PrincipalArn': roleArnOf(principalArn),
    'aws:PrincipalAccount': accountOf(principalArn),
    'aws:PrincipalIsAWSService': 'false',
    'aws:ViaAWSService': 'false',
  }
}
