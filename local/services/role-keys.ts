import { createHmac, randomBytes } from 'node:crypto'
import { join } from 'node:path'
import type { RoleModel } from '../assembly/model.ts'
import type { Credentials } from '../lambda/environment.ts'
import { isRoleKey, roleKeyId } from './access-key.ts'
import { readOrCreate } from './durable-file.ts'

export type Caller = { readonly roleArn: string } | 'operator' | 'unknown'

/**
 * An access key for each role: the same after a restart, since functions of a run that goes on still hold it.
 * Any key that was not made here belongs to the operator at the keyboard, who may do everything.
 */
export class RoleKeys {
  readonly #seed: string
  readonly #roles: ReadonlyMap<string, string>

  constructor(stateDirectory: string, roles: readonly RoleModel[]) {
    this.#seed = readOrCreate(join(stateDirectory, 'role-keys.seed'), () => randomBytes(32).toString('hex'))
    this.#roles = new Map(roles.map(({ arn }) => [this.credentials(arn).accessKeyId, arn]))
  }

  credentials(roleArn: string): Credentials {
    const id = this.#derive('id', roleArn).toString('hex').toUpperCase().slice(0, 12)
    return {
      accessKeyId: roleKeyId(id),
      secretAccessKey: this.#derive('secret', roleArn).toString('base64').slice(0, 40),
      sessionToken: this.#derive('token', roleArn).toString('base64'),
    }
  }

  /** `unknown` is the key of a role that this assembly does not have: not the operator's, so not allowed all. */
  callerOf(accessKeyId: string | undefined): Caller {
    const roleArn = this.#roles.get(accessKeyId ?? '')
    if (roleArn !== undefined) return { roleArn }
    return isRoleKey(accessKeyId) ? 'unknown' : 'operator'
  }

  #derive(what: string, roleArn: string): Buffer {
    return createHmac('sha256', this.#seed).update(`${what}\n${roleArn}`).digest()
  }
}
