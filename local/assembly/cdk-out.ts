import { readFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { z } from 'zod'
import type { Json } from './json.ts'
import { UnsupportedTemplate } from './unsupported-template.ts'

const JsonValue: z.ZodType<Json> = z.json()

const Manifest = z.object({
  artifacts: z.record(
    z.string(),
    z.object({
      type: z.string(),
      environment: z.string().optional(),
      properties: z.record(z.string(), z.unknown()).default({}),
    }),
  ),
})

const AssetManifest = z.object({
  files: z
    .record(
      z.string(),
      z.object({
        source: z.object({ path: z.string(), packaging: z.enum(['file', 'zip']) }),
        destinations: z.record(z.string(), z.object({ objectKey: z.string() })),
      }),
    )
    .default({}),
  dockerImages: z.record(z.string(), z.unknown()).default({}),
})

const ResourceDefinition = z.strictObject({
  Type: z.string(),
  Properties: z.record(z.string(), JsonValue).default({}),
  Condition: z.string().optional(),
  DeletionPolicy: z.string().optional(),
  // Of no meaning here: everything is created before anything runs, nothing is replaced, and metadata is for tools.
  DependsOn: z.unknown().optional(),
  UpdateReplacePolicy: z.unknown().optional(),
  Metadata: z.unknown().optional(),
})

const Output = z.strictObject({
  Value: JsonValue,
  Export: z.strictObject({ Name: JsonValue }).optional(),
  Condition: z.string().optional(),
  Description: z.unknown().optional(),
})

const Template = z.strictObject({
  AWSTemplateFormatVersion: z.unknown().optional(),
  Description: z.unknown().optional(),
  Metadata: z.unknown().optional(),
  Parameters: z
    .record(z.string(), z.looseObject({ Type: z.string(), Default: JsonValue.optional() }))
    .default({}),
  Mappings: z.record(z.string(), z.record(z.string(), z.record(z.string(), JsonValue))).default({}),
  Conditions: z.record(z.string(), JsonValue).default({}),
  Resources: z.record(z.string(), ResourceDefinition).default({}),
  Outputs: z.record(z.string(), Output).default({}),
  // CDK's check of the bootstrap stack: there is none on one machine. Any other rule is refused.
  Rules: z.strictObject({ CheckBootstrapVersion: z.unknown().optional() }).optional(),
})

export type Template = z.infer<typeof Template>
export type ResourceDefinition = z.infer<typeof ResourceDefinition>

export interface Stack {
  readonly name: string
  /** `aws://<account>/<region>`; either may be `unknown-…`. */
  readonly environment: string
  readonly template: Template
}

export interface CdkOut {
  readonly stacks: readonly Stack[]
  /** S3 object key of an asset -> absolute path of its file or directory. */
  readonly assets: ReadonlyMap<string, { readonly path: string; readonly packaging: 'file' | 'zip' }>
}

/** Artifacts that say something to tools only. */
const informative = new Set(['cdk:tree', 'cdk:feature-flag-report', 'cdk:policy-validation-report'])

async function parse<S extends z.ZodType>(file: string, schema: S): Promise<z.infer<S>> {
  const result = schema.safeParse(JSON.parse(await readFile(file, 'utf8')))
  if (result.success) return result.data
  const issue = result.error.issues[0]
  const unknown = issue?.code === 'unrecognized_keys' ? issue.keys[0] : undefined
  const path = [...(issue?.path ?? []), ...(unknown === undefined ? [] : [unknown])].join('.')
  throw new UnsupportedTemplate(
    { stack: file, logicalId: path, type: '', path: '' },
    issue?.message ?? 'malformed',
  )
}

/** Reads the cloud assembly in `directory`, with the assemblies of its stages. */
export async function readCdkOut(directory: string): Promise<CdkOut> {
  const stacks: Stack[] = []
  const assets = new Map<string, { path: string; packaging: 'file' | 'zip' }>()
  const manifest = await parse(join(directory, 'manifest.json'), Manifest)
  for (const [id, artifact] of Object.entries(manifest.artifacts)) {
    const property = (name: string): string => z.string().parse(artifact.properties[name])
    if (artifact.type === 'aws:cloudformation:stack') {
      const template = await parse(join(directory, property('templateFile')), Template)
      const name = 'stackName' in artifact.properties ? property('stackName') : id
      stacks.push({ name, environment: artifact.environment ?? '', template })
    } else if (artifact.type === 'cdk:asset-manifest') {
      const { files, dockerImages } = await parse(join(directory, property('file')), AssetManifest)
      const image = Object.keys(dockerImages)[0]
      if (image !== undefined)
        throw refusedArtifact(directory, id, `container image ${image} is not supported`)
      for (const { source, destinations } of Object.values(files)) {
        const asset = { path: resolve(directory, source.path), packaging: source.packaging }
        for (const { objectKey } of Object.values(destinations)) assets.set(objectKey, asset)
      }
    } else if (artifact.type === 'cdk:cloud-assembly') {
      const nested = await readCdkOut(join(directory, property('directoryName')))
      stacks.push(...nested.stacks)
      for (const [key, asset] of nested.assets) assets.set(key, asset)
    } else if (!informative.has(artifact.type)) {
      throw refusedArtifact(directory, id, `artifact type ${artifact.type} is not supported`)
    }
  }
  return { stacks, assets }
}

const refusedArtifact = (directory: string, id: string, reason: string): UnsupportedTemplate =>
  new UnsupportedTemplate({ stack: directory, logicalId: id, type: '', path: '' }, reason)
