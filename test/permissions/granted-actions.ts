import { cp, mkdir, readdir, readFile, symlink, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { z } from 'zod'

/** One action of one Allow statement in a synthesised template. */
export interface GrantedAction {
  readonly template: string
  /** Logical id of the policy, key or permission that has the statement. */
  readonly resource: string
  /** Where the statement stands among those of the resource. */
  readonly statement: number
  /** `dynamodb:PutItem` */
  readonly action: string
  /** Resources and conditions, in short. */
  readonly on: string
}

const texts = z.union([z.string().transform((one) => [one]), z.array(z.string())])
const statement = z.looseObject({
  Effect: z.enum(['Allow', 'Deny']),
  Action: texts,
  Resource: z.unknown().optional(),
  Condition: z.unknown().optional(),
})
const policy = z.looseObject({ Statement: z.array(statement) })
const resource = z.looseObject({
  Type: z.string(),
  Properties: z.record(z.string(), z.unknown()).default({}),
})
const template = z.looseObject({ Resources: z.record(z.string(), resource) })
export type Template = z.infer<typeof template>

const permissionType = 'AWS::Lambda::Permission'

/** All of them but `sts:AssumeRole` of roles: without that, nothing starts at all. */
export async function grantedActions(assembly: string): Promise<GrantedAction[]> {
  const found: GrantedAction[] = []
  for (const file of await templatesOf(assembly)) {
    const { Resources } = await readTemplate(assembly, file)
    for (const [id, { Type, Properties }] of Object.entries(Resources)) {
      if (Type === permissionType) {
        const action = z.string().parse(Properties['Action'])
        found.push({
          template: file,
          resource: id,
          statement: 0,
          action,
          on: shown(Properties['FunctionName']),
        })
      }
      const statements = policyOf(Properties)?.Statement ?? []
      statements.forEach(({ Effect, Action, Resource, Condition }, at) => {
        const on = [shown(Resource), Condition === undefined ? '' : shown(Condition)].join(' ').trim()
        const of = { template: file, resource: id, statement: at, on }
        if (Effect === 'Allow') found.push(...Action.map((action) => ({ ...of, action })))
      })
    }
  }
  return found
}

/** Copies a cloud assembly, with changed templates. The bundles are shared. */
export async function copyAssembly(
  assembly: string,
  to: string,
  ...changes: readonly ((file: string, template: Template) => void)[]
): Promise<void> {
  await mkdir(to, { recursive: true })
  for (const entry of await readdir(assembly)) {
    if (entry.startsWith('asset.')) await symlink(resolve(assembly, entry), join(to, entry))
    else await cp(join(assembly, entry), join(to, entry), { recursive: true })
  }
  for (const file of await templatesOf(assembly)) {
    const content = await readTemplate(assembly, file)
    for (const change of changes) change(file, content)
    await writeFile(join(to, file), JSON.stringify(content))
  }
}

/** Takes an action away. */
export function without(taken: GrantedAction, file: string, { Resources }: Template): void {
  if (taken.template !== file) return
  const { resource: id, statement: at, action } = taken
  const owner = Resources[id]
  if (owner?.Type === permissionType) {
    delete Resources[id]
    return
  }
  const from = owner && policyOf(owner.Properties)
  const within = from?.Statement[at]
  if (from === undefined || within === undefined) throw new Error(`${id} has no statement ${at}`)
  within.Action = within.Action.filter((one) => one !== action)
  if (within.Action.length === 0) from.Statement.splice(at, 1)
  replacePolicy(owner?.Properties ?? {}, from)
}

/**
 * State machines retry once and soon: a refusal that they take for trouble of Lambda would else take minutes to show.
 */
export function hurried(_file: string, { Resources }: Template): void {
  for (const { Properties } of Object.values(Resources)) {
    const definition = Properties['DefinitionString']
    if (typeof definition !== 'string') continue
    Properties['DefinitionString'] = definition
      .replaceAll(/"(IntervalSeconds|MaxAttempts|BackoffRate)":\d+/g, '"$1":1')
      .replaceAll(/"MaxDelaySeconds":\d+/g, '"MaxDelaySeconds":2')
  }
}

const policyProperties = ['PolicyDocument', 'KeyPolicy'] as const

function policyOf(properties: Readonly<Record<string, unknown>>) {
  const name = policyProperties.find((one) => properties[one] !== undefined)
  return name && policy.parse(properties[name])
}

function replacePolicy(properties: Record<string, unknown>, by: unknown): void {
  const name = policyProperties.find((one) => properties[one] !== undefined)
  if (name) properties[name] = by
}

const templatesOf = async (assembly: string) =>
  (await readdir(assembly)).filter((name) => name.endsWith('.template.json'))

const readTemplate = async (assembly: string, file: string) =>
  template.parse(JSON.parse(await readFile(join(assembly, file), 'utf8')))

/** Whose action it is, such as `Load`, `MigrateMachine` or `Key`. */
export const ownerOf = ({ resource: id }: GrantedAction): string =>
  id.replace(/(RoleDefault)?Policy[0-9A-F]{8}$|[0-9A-F]{8}$/, '')

/** Such as `Load s3:PutObject on archive-/conflicts/*, archive-/undo/*`. */
export const nameOfGrant = (grant: GrantedAction): string =>
  `${ownerOf(grant)} ${grant.action} on ${grant.on}`

/** The texts of a template's value, without what every ARN, id and name has. */
function shown(value: unknown): string {
  return textsIn(value)
    .replaceAll(/\w+:ExportsOutputFnGetAtt(\w+?)[0-9A-F]{8}Arn[0-9A-F]{8}/g, '$1')
    .replaceAll(/[0-9A-F]{8}\b|, Arn\b/g, '')
    .replaceAll(/arn:[a-z]*:+([a-z0-9-]+:)?/g, '')
    .replaceAll(/(?<=^| ):+|lockgate-dev-/g, '')
    .replaceAll(/\bString(Like|Equals)\b|\bArnLike\b/g, 'where')
}

function textsIn(value: unknown): string {
  if (typeof value === 'string') return value
  if (Array.isArray(value)) return value.map(textsIn).join(', ')
  const entries = Object.entries(typeof value === 'object' && value !== null ? value : {})
  const [[name, inner] = ['', undefined], ...more] = entries
  if (name === 'Fn::Join' && Array.isArray(inner)) return (inner[1] as unknown[]).map(textsIn).join('')
  if (name === 'Ref') return String(inner).startsWith('AWS::') ? '' : String(inner)
  if (name.startsWith('Fn::')) return textsIn(inner)
  return [[name, inner] as const, ...more].map(([key, one]) => `${key} ${textsIn(one)}`).join(' ')
}
