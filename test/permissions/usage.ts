import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import type { Assembly, PolicyStatement } from '../../local/assembly/model.ts'
import { physicalName } from '../../local/assembly/names.ts'
import { covers } from '../../local/permissions/authorize.ts'
import type { GuardDecision } from '../../local/permissions/guard.ts'
import { roleArnOf } from '../../local/permissions/principals.ts'
import { matchesWildcard } from '../../local/permissions/wildcard.ts'
import { nameOfGrant, type GrantedAction } from './granted-actions.ts'

/** What of a granted action a course has used. */
export interface Usage {
  readonly grant: GrantedAction
  /** The decision that first went by it; `undefined` where none did. */
  readonly first: number | undefined
  /** Resources of the statement that no decision was about. */
  readonly idle: readonly string[]
}

const attached = z.object({ Roles: z.array(z.object({ Ref: z.string() })).length(1) })
const template = z.object({
  Resources: z.record(z.string(), z.object({ Type: z.string(), Properties: z.unknown() })),
})

/** The statements of roles, as the local system resolved them; a role has one policy, in the order of its template. */
export async function usageOf(
  directory: string,
  { roles }: Assembly,
  grants: readonly GrantedAction[],
  decisions: readonly GuardDecision[],
): Promise<Usage[]> {
  const found: Usage[] = []
  for (const grant of grants) {
    const { Resources } = template.parse(JSON.parse(await readFile(join(directory, grant.template), 'utf8')))
    const owner = Resources[grant.resource]
    if (owner?.Type !== 'AWS::IAM::Policy') continue
    const { Roles } = attached.parse(owner.Properties)
    const name = physicalName(grant.template.replace('.template.json', ''), Roles[0]?.Ref ?? '', {
      longest: 64,
    })
    const role = roles.find((one) => one.name === name)
    const statement = role?.statements[grant.statement]
    if (role === undefined || statement === undefined)
      throw new Error(`${nameOfGrant(grant)} was not found again`)
    found.push({ grant, ...usageIn({ ...statement, actions: [grant.action] }, role.arn, decisions) })
  }
  return found
}

function usageIn(statement: PolicyStatement, roleArn: string, decisions: readonly GuardDecision[]) {
  const own = decisions.flatMap((decision, at) =>
    roleArnOf(decision.principalArn) === roleArn && covers(statement, decision) ? [{ ...decision, at }] : [],
  )
  const isIdle = (pattern: string) => !own.some(({ resourceArn }) => matchesWildcard(pattern, resourceArn))
  return { first: own[0]?.at, idle: statement.resources.filter(isIdle) }
}
