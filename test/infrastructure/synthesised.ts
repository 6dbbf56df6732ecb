import { spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll } from 'vitest'
import { z } from 'zod'

export const root = join(import.meta.dirname, '../..')

const resource = z.looseObject({
  Type: z.string(),
  Properties: z.record(z.string(), z.unknown()).default({}),
  DeletionPolicy: z.string().optional(),
  UpdateReplacePolicy: z.string().optional(),
  Metadata: z.record(z.string(), z.unknown()).default({}),
})
export type Resource = z.infer<typeof resource>

const template = z.looseObject({
  Resources: z.record(z.string(), resource),
  Outputs: z.record(z.string(), z.looseObject({ Value: z.unknown() })).default({}),
})
export type Template = z.infer<typeof template>

const cdkJson = z.object({ context: z.record(z.string(), z.unknown()) })

/** The context of `cdk.json`, as the CLI hands it to the app. */
export function context(): Record<string, unknown> {
  return cdkJson.parse(JSON.parse(readFileSync(join(root, 'cdk.json'), 'utf8'))).context
}

export interface Synthesised {
  readonly folder: string
  readonly stateful: Template
  readonly workflow: Template
  /** Both templates, byte for byte. */
  readonly text: string
  /** What the app said. */
  readonly messages: string
}

/** Runs the app as the CLI does, into a folder of its own, which the test file's end removes. */
export function synthesise(settings: Readonly<Record<string, unknown>> = {}): Synthesised {
  const folder = mkdtempSync(join(tmpdir(), 'lockgate-synth-'))
  afterAll(() => rmSync(folder, { recursive: true, force: true }))
  const { status, stdout, stderr } = spawnSync(process.execPath, ['bin/lockgate.ts'], {
    cwd: root,
    encoding: 'utf8',
    env: {
      ...process.env,
      CDK_OUTDIR: folder,
      CDK_CONTEXT_JSON: JSON.stringify({ ...context(), ...settings }),
    },
  })
  const messages = stdout + stderr
  if (status !== 0) throw new Error(messages)
  const files = readdirSync(folder)
    .filter((file) => file.endsWith('.template.json'))
    .sort()
  const texts = files.map((file) => readFileSync(join(folder, file), 'utf8'))
  const [stateful, workflow] = texts.map((text) => template.parse(JSON.parse(text)))
  if (stateful === undefined || workflow === undefined) throw new Error(`the app made ${files.join(', ')}`)
  return { folder, stateful, workflow, text: texts.join('\n'), messages }
}

/** Resources of a type, by logical id. */
export function ofType({ Resources }: Template, type: string): [string, Resource][] {
  return Object.entries(Resources).filter(([, { Type }]) => Type === type)
}

/** A value of a template as text: references by what they refer to, joins joined. */
export function flat(value: unknown): string {
  if (typeof value === 'string') return value
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  const [[name, inner] = ['', undefined]] = Object.entries(value)
  if (name === 'Ref') return `<${flat(inner)}>`
  if (name === 'Fn::GetAtt' && Array.isArray(inner)) return `<${inner.map(flat).join('.')}>`
  if (name === 'Fn::ImportValue') return `<${flat(inner)}>`
  if (name === 'Fn::Join' && Array.isArray(inner)) {
    const parts: unknown = inner[1]
    if (Array.isArray(parts)) return parts.map(flat).join(flat(inner[0]))
  }
  return JSON.stringify(value)
}
