import { z } from 'zod'
import { arnOf, nameOf } from './arns.ts'
import type { Deployment, Resource } from './deployment.ts'
import { placeOf } from './deployment.ts'
import type { FunctionModel, FunctionVersionModel, PolicyStatement } from './model.ts'
import { readPermissions } from './function-permissions.ts'
import { readProperties, refuseProperty } from './properties.ts'
import { UnsupportedTemplate } from './unsupported-template.ts'
import type { FunctionContent } from './versions.ts'

const FunctionProperties = z.strictObject({
  FunctionName: z.string().optional(),
  // The bundle: a CDK asset. Inline code (ZipFile) and images are refused.
  Code: z.strictObject({ S3Bucket: z.string(), S3Key: z.string() }),
  PackageType: z.literal('Zip').optional(),
  // Functions run on the Node.js that runs the local system.
  Runtime: z.literal('nodejs24.x'),
  Handler: z.string(),
  Role: z.string(),
  Environment: z.strictObject({ Variables: z.record(z.string(), z.string()).default({}) }).optional(),
  Timeout: z.number().default(3),
  MemorySize: z.number().default(128),
  ReservedConcurrentExecutions: z.number().optional(),
})
const VersionProperties = z.strictObject({ FunctionName: z.string() })
const AliasProperties = z.strictObject({
  FunctionName: z.string(),
  FunctionVersion: z.string(),
  Name: z.string(),
})
const EventInvokeConfigProperties = z.strictObject({
  FunctionName: z.string(),
  Qualifier: z.literal('$LATEST'),
  MaximumRetryAttempts: z.number().optional(),
  MaximumEventAgeInSeconds: z.number().optional(),
})

export const functionTypes = [
  'AWS::Lambda::Function',
  'AWS::Lambda::Version',
  'AWS::Lambda::Alias',
  'AWS::Lambda::Permission',
  'AWS::Lambda::EventInvokeConfig',
]

export function readFunctions(deployment: Deployment): FunctionModel[] {
  const published = new Map(
    deployment.ofType('AWS::Lambda::Version').map((resource) => {
      const { functionArn, arn } = publishedFunction(resource, deployment)
      return [functionArn, arn]
    }),
  )
  const aliases = deployment.ofType('AWS::Lambda::Alias').map((resource) => readAlias(resource, deployment))
  const asyncInvokes = readEventInvokeConfigs(deployment)
  const policies = readPermissions(deployment, (resource, reference) =>
    functionArnOf(findFunction(resource, reference, deployment), reference, deployment),
  )
  return deployment.ofType('AWS::Lambda::Function').map((resource) => {
    const name = nameOf(resource, deployment)
    const arn = arnOf(resource, deployment)
    const { content, reservedConcurrency } = contentOf(resource, deployment)
    const versionArn = published.get(arn)
    const asyncInvoke = asyncInvokes.get(arn)
    const { runtime: _runtime, ...configuration } = content
    return {
      name,
      arn,
      ...(versionArn === undefined ? {} : { versionArn }),
      ...configuration,
      ...(reservedConcurrency === undefined ? {} : { reservedConcurrency }),
      versions: versionsOf(name, arn, deployment),
      aliases: aliases
        .filter((alias) => alias.functionArn === arn)
        .map(({ functionArn: _arn, ...alias }) => alias),
      policy: policies.get(arn) ?? ([] satisfies PolicyStatement[]),
      ...(asyncInvoke === undefined ? {} : { asyncInvoke }),
    }
  })
}

/** The version that an `AWS::Lambda::Version` resource publishes. */
export function publishedFunction(
  resource: Resource,
  deployment: Deployment,
): { arn: string; number: number; functionArn: string } {
  const { FunctionName } = readProperties(deployment, resource, VersionProperties)
  const owner = findFunction(resource, FunctionName, deployment)
  const functionArn = arnOf(owner, deployment)
  const { content } = contentOf(owner, deployment)
  const number = deployment.settings.versions.publishFunction(nameOf(owner, deployment), content)
  return { arn: `${functionArn}:${number}`, number, functionArn }
}

export const aliasArn = (resource: Resource, deployment: Deployment): string =>
  readAlias(resource, deployment).arn

function readAlias(resource: Resource, deployment: Deployment) {
  const { FunctionName, FunctionVersion, Name } = readProperties(deployment, resource, AliasProperties)
  const functionArn = arnOf(findFunction(resource, FunctionName, deployment), deployment)
  return {
    name: Name,
    arn: `${functionArn}:${Name}`,
    versionArn: `${functionArn}:${FunctionVersion}`,
    functionArn,
  }
}

function readEventInvokeConfigs(deployment: Deployment) {
  return new Map(
    deployment.ofType('AWS::Lambda::EventInvokeConfig').map((resource) => {
      const given = readProperties(deployment, resource, EventInvokeConfigProperties)
      const asyncInvoke = {
        ...(given.MaximumRetryAttempts === undefined
          ? {}
          : { maximumRetryAttempts: given.MaximumRetryAttempts }),
        ...(given.MaximumEventAgeInSeconds === undefined
          ? {}
          : { maximumEventAgeSeconds: given.MaximumEventAgeInSeconds }),
      }
      return [arnOf(findFunction(resource, given.FunctionName, deployment), deployment), asyncInvoke]
    }),
  )
}

function contentOf(resource: Resource, deployment: Deployment) {
  const given = readProperties(deployment, resource, FunctionProperties)
  const asset = deployment.settings.assets.get(given.Code.S3Key)
  if (asset?.packaging !== 'zip') {
    return refuseProperty(
      resource,
      'Code.S3Key',
      `${given.Code.S3Key} is not a directory asset of this assembly`,
    )
  }
  const content: FunctionContent = {
    codeDirectory: asset.path,
    runtime: given.Runtime,
    handler: given.Handler,
    environment: given.Environment?.Variables ?? {},
    timeoutSeconds: given.Timeout,
    memoryMiB: given.MemorySize,
    roleArn: given.Role,
  }
  return { content, reservedConcurrency: given.ReservedConcurrentExecutions }
}

/** By name, ARN, or the ARN of a version or alias. */
function findFunction(resource: Resource, reference: string, deployment: Deployment): Resource {
  const found = deployment.ofType('AWS::Lambda::Function').find((candidate) => {
    const arn = arnOf(candidate, deployment)
    return reference === nameOf(candidate, deployment) || reference === arn || reference.startsWith(`${arn}:`)
  })
  if (found !== undefined) return found
  throw new UnsupportedTemplate(
    placeOf(resource, 'Properties.FunctionName'),
    `${reference} is not a function here`,
  )
}

/** The ARN that a reference by name or ARN means, with its qualifier. */
function functionArnOf(owner: Resource, reference: string, deployment: Deployment) {
  const functionArn = arnOf(owner, deployment)
  return { functionArn, qualifiedArn: reference.startsWith('arn:') ? reference : functionArn }
}

function versionsOf(name: string, arn: string, deployment: Deployment): FunctionVersionModel[] {
  const { versions } = deployment.settings
  return versions
    .functionVersions(name)
    .map(({ fingerprint: _fingerprint, runtime: _runtime, ...version }) => ({
      ...version,
      arn: `${arn}:${version.number}`,
      codeDirectory: versions.codeDirectory(name, version.number),
    }))
}
