import { bucketTypes, readBuckets } from './buckets.ts'
import { calendarTypes, readCalendars } from './calendars.ts'
import { readCdkOut } from './cdk-out.ts'
import type { Stack } from './cdk-out.ts'
import { Deployment, placeOf } from './deployment.ts'
import { functionTypes, readFunctions } from './functions.ts'
import { httpApiTypes, readHttpApis } from './http-apis.ts'
import { identities } from './identities.ts'
import { keyTypes, readKeys } from './keys.ts'
import type { Assembly } from './model.ts'
import { readRoles, roleTypes } from './roles.ts'
import { readRules, ruleTypes } from './rules.ts'
import { readStateMachines, stateMachineTypes } from './state-machines.ts'
import { readTables, tableTypes } from './tables.ts'
import { readTopics, topicTypes } from './topics.ts'
import { checkTrust } from './trust.ts'
import { UnsupportedTemplate } from './unsupported-template.ts'
import { VersionStore } from './versions.ts'
import { withoutMeaning } from './without-meaning.ts'

export interface LoadOptions {
  /** Where `cdk synth` wrote: usually `cdk.out`. */
  readonly directory: string
  /** Numbers and code of published versions are kept here, from one load to the next. */
  readonly stateDirectory: string
  readonly account: string
  readonly region: string
  /** Local address of an HTTP API, without a slash at the end. Part of function versions, so keep it stable. */
  readonly httpApiEndpoint: (apiId: string) => string
}

const supported = new Set([
  ...bucketTypes,
  ...calendarTypes,
  ...functionTypes,
  ...httpApiTypes,
  ...keyTypes,
  ...roleTypes,
  ...ruleTypes,
  ...stateMachineTypes,
  ...tableTypes,
  ...topicTypes,
])

/**
 * Reads what CDK synthesised, resolves it, and publishes the versions it asks for. Loading is deploying: a
 * changed `cdk.out` with the same state directory adds versions and keeps the earlier ones.
 * @throws UnsupportedTemplate for whatever the local system would have to ignore; nothing is published then
 */
export async function loadAssembly(options: LoadOptions): Promise<Assembly> {
  const { stacks, assets } = await readCdkOut(options.directory)
  for (const stack of stacks) checkEnvironment(stack, options)
  const versions = await VersionStore.open(options.stateDirectory)
  const { account, region, httpApiEndpoint } = options
  const deployment = new Deployment(stacks, {
    account,
    region,
    httpApiEndpoint,
    versions,
    assets,
    identities,
  })
  for (const resource of deployment.resources) {
    if (supported.has(resource.type) || withoutMeaning(resource.type) !== undefined) continue
    throw new UnsupportedTemplate(placeOf(resource), `${resource.type} is not supported on one machine`)
  }
  const assembly: Assembly = {
    functions: readFunctions(deployment),
    stateMachines: readStateMachines(deployment),
    roles: readRoles(deployment),
    tables: readTables(deployment),
    buckets: readBuckets(deployment),
    topics: readTopics(deployment),
    httpApis: readHttpApis(deployment),
    rules: readRules(deployment),
    keys: readKeys(deployment),
    calendars: readCalendars(deployment),
    outputs: deployment.outputs.all(),
  }
  const forgotten = deployment.resources.find(
    (resource) => supported.has(resource.type) && !deployment.wasRead(resource),
  )
  if (forgotten !== undefined)
    throw new UnsupportedTemplate(placeOf(forgotten), 'nobody has read this resource')
  checkTrust(assembly)
  await versions.commit()
  return assembly
}

/** A stack for another account or region has their names in its texts, which would not match the local ones. */
function checkEnvironment({ name, environment }: Stack, { account, region }: LoadOptions): void {
  const [, stackAccount, stackRegion] = /^aws:\/\/([^/]+)\/([^/]+)$/.exec(environment) ?? []
  const fits = (given: string | undefined, unknown: string, local: string): boolean =>
    given === unknown || given === local
  if (fits(stackAccount, 'unknown-account', account) && fits(stackRegion, 'unknown-region', region)) return
  throw new UnsupportedTemplate(
    { stack: name, logicalId: 'environment', type: '', path: '' },
    `was synthesised for ${environment}, not for aws://${account}/${region}`,
  )
}
