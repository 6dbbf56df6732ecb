import { readFileSync } from 'node:fs'
import { z } from 'zod'
import { arnOf, nameOf } from './arns.ts'
import type { Deployment, Resource } from './deployment.ts'
import type { StateMachineModel } from './model.ts'
import { uuidOf } from './names.ts'
import { readProperties, refuseProperty } from './properties.ts'

const scalar = z.union([z.string(), z.number(), z.boolean()])
const StateMachineProperties = z.strictObject({
  StateMachineName: z.string().optional(),
  // An express workflow ends after five minutes and keeps no history; the engine runs only standard ones.
  StateMachineType: z.literal('STANDARD').optional(),
  RoleArn: z.string(),
  DefinitionString: z.string().optional(),
  Definition: z.record(z.string(), z.unknown()).optional(),
  DefinitionS3Location: z.strictObject({ Bucket: z.string(), Key: z.string() }).optional(),
  DefinitionSubstitutions: z.record(z.string(), scalar.transform(String)).default({}),
})
const VersionProperties = z.strictObject({
  StateMachineArn: z.string(),
  StateMachineRevisionId: z.string().optional(),
})

export const stateMachineTypes = [
  'AWS::StepFunctions::StateMachine',
  'AWS::StepFunctions::StateMachineVersion',
]

export function readStateMachines(deployment: Deployment): StateMachineModel[] {
  const published = new Map(
    deployment.ofType('AWS::StepFunctions::StateMachineVersion').map((resource) => {
      const { machineArn, arn } = publishedStateMachine(resource, deployment)
      return [machineArn, arn]
    }),
  )
  return deployment.ofType('AWS::StepFunctions::StateMachine').map((resource) => {
    const name = nameOf(resource, deployment)
    const arn = arnOf(resource, deployment)
    const { definition, roleArn } = contentOf(resource, deployment)
    const versionArn = published.get(arn)
    const versions = deployment.settings.versions
      .stateMachineVersions(name)
      .map(({ fingerprint: _fingerprint, ...version }) => ({ ...version, arn: `${arn}:${version.number}` }))
    return {
      name,
      arn,
      ...(versionArn === undefined ? {} : { versionArn }),
      definition,
      roleArn,
      versions,
    }
  })
}

/** The version that an `AWS::StepFunctions::StateMachineVersion` resource publishes. */
export function publishedStateMachine(
  resource: Resource,
  deployment: Deployment,
): { arn: string; machineArn: string } {
  const given = readProperties(deployment, resource, VersionProperties)
  // CloudFormation publishes when this resource is created or replaced, and only a changed revision id replaces
  // it: without one, a second deployment would silently leave runs pinned to the first definition.
  if (given.StateMachineRevisionId === undefined) {
    return refuseProperty(
      resource,
      'StateMachineRevisionId',
      'is missing: later definitions would not be published',
    )
  }
  const machine = deployment
    .ofType('AWS::StepFunctions::StateMachine')
    .find((candidate) => arnOf(candidate, deployment) === given.StateMachineArn)
  if (machine === undefined) {
    return refuseProperty(resource, 'StateMachineArn', `${given.StateMachineArn} is not a state machine here`)
  }
  const { definition, roleArn } = contentOf(machine, deployment)
  const { versions } = deployment.settings
  const number = versions.publishStateMachine(nameOf(machine, deployment), { definition, roleArn })
  return { arn: `${given.StateMachineArn}:${number}`, machineArn: given.StateMachineArn }
}

/** Changes with the definition and the role, as on AWS. */
export function revisionId(resource: Resource, deployment: Deployment): string {
  const { definition, roleArn } = contentOf(resource, deployment)
  return uuidOf(JSON.stringify([definition, roleArn]))
}

function contentOf(resource: Resource, deployment: Deployment) {
  const given = readProperties(deployment, resource, StateMachineProperties)
  const definition = substitute(
    resource,
    definitionText(resource, deployment, given),
    given.DefinitionSubstitutions,
  )
  return { definition, roleArn: given.RoleArn }
}

function definitionText(
  resource: Resource,
  deployment: Deployment,
  given: z.infer<typeof StateMachineProperties>,
): string {
  const { DefinitionString: text, Definition: object, DefinitionS3Location: location } = given
  if ([text, object, location].filter((one) => one !== undefined).length !== 1) {
    return refuseProperty(resource, '', 'needs one of DefinitionString, Definition and DefinitionS3Location')
  }
  if (text !== undefined) return text
  if (location === undefined) return JSON.stringify(object)
  const asset = deployment.settings.assets.get(location.Key)
  if (asset?.packaging !== 'file') {
    return refuseProperty(
      resource,
      'DefinitionS3Location.Key',
      `${location.Key} is not a file of this assembly`,
    )
  }
  return readFileSync(asset.path, 'utf8')
}

/** Puts the substitutions in, and makes sure that what comes out is JSON without a forgotten placeholder. */
function substitute(
  resource: Resource,
  text: string,
  substitutions: Readonly<Record<string, string>>,
): string {
  const definition = text.replaceAll(/\$\{([A-Za-z0-9_-]+)\}/g, (_all, name: string) =>
    name in substitutions
      ? (substitutions[name] ?? '')
      : refuseProperty(
          resource,
          `DefinitionSubstitutions.${name}`,
          'is missing, but the definition names it',
        ),
  )
  try {
    JSON.parse(definition)
  } catch (error) {
    return refuseProperty(resource, 'Definition', `is not JSON: ${String(error)}`)
  }
  return definition
}
