import type { FunctionModel } from '../assembly/model.ts'

/** One version of a function: what a process is started with. */
export interface DeployedFunction {
  readonly name: string
  /** `$LATEST`, or a number. */
  readonly version: string
  readonly codeDirectory: string
  readonly handler: string
  readonly environment: Readonly<Record<string, string>>
  readonly timeoutSeconds: number
  readonly memoryMiB: number
  readonly roleArn: string
  /** Of all versions together. */
  readonly reservedConcurrency?: number
}

/** All versions by every ARN that means them: unqualified, `$LATEST`, of a version and of an alias. */
export function deployedFunctions(models: readonly FunctionModel[]): ReadonlyMap<string, DeployedFunction> {
  const deployed = new Map<string, DeployedFunction>()
  for (const model of models) {
    const { name, arn, reservedConcurrency } = model
    const common = { name, ...(reservedConcurrency === undefined ? {} : { reservedConcurrency }) }
    const latest = { ...settingsOf(model), ...common, version: '$LATEST' }
    deployed.set(arn, latest).set(`${arn}:$LATEST`, latest)
    for (const version of model.versions) {
      deployed.set(version.arn, { ...settingsOf(version), ...common, version: String(version.number) })
    }
    for (const alias of model.aliases) {
      const version = deployed.get(alias.versionArn)
      if (version) deployed.set(alias.arn, version)
    }
  }
  return deployed
}

type Settings = Omit<DeployedFunction, 'name' | 'version' | 'reservedConcurrency'>

function settingsOf({
  codeDirectory,
  handler,
  environment,
  timeoutSeconds,
  memoryMiB,
  roleArn,
}: Settings): Settings {
  return { codeDirectory, handler, environment, timeoutSeconds, memoryMiB, roleArn }
}

/** A function is named by ARN, by partial ARN (`account:function:name`) or by name; each may have a qualifier. */
export function findFunction(
  deployed: ReadonlyMap<string, DeployedFunction>,
  reference: string,
): DeployedFunction | undefined {
  if (reference.startsWith('arn:')) return deployed.get(reference)
  const name = reference.replace(/^\d+:function:/, '')
  const arn = [...deployed.keys()].find((one) => one.endsWith(`:function:${name}`))
  return arn === undefined ? undefined : deployed.get(arn)
}
