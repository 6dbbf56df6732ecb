import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { App, CfnResource, Stack } from 'aws-cdk-lib'
import type { StackProps } from 'aws-cdk-lib'
import { loadAssembly } from '../../../../local/assembly/load-assembly.ts'
import type { Assembly } from '../../../../local/assembly/model.ts'

export const account = '000000000000'
export const region = 'us-east-1'

export const temporaryDirectory = (): string => mkdtempSync(join(tmpdir(), 'lockgate-assembly-'))

/** A directory with one file, as esbuild would leave it. */
export function bundle(code: string): string {
  const directory = join(temporaryDirectory(), 'bundle')
  mkdirSync(directory)
  writeFileSync(join(directory, 'index.js'), code)
  return directory
}

/** Synthesises an app into a directory of its own. */
export function synthesise(build: (app: App) => void): string {
  const outdir = temporaryDirectory()
  const app = new App({
    outdir,
    analyticsReporting: false,
    treeMetadata: false,
    builtinCloudFormationValidation: false,
  })
  build(app)
  app.synth()
  return outdir
}

export const synthesiseStack = (build: (stack: Stack) => void, props: StackProps = {}): string =>
  synthesise((app) => build(new Stack(app, 'Test', props)))

export const load = (directory: string, stateDirectory = temporaryDirectory()): Promise<Assembly> =>
  loadAssembly({
    directory,
    stateDirectory,
    account,
    region,
    httpApiEndpoint: (apiId) => `http://127.0.0.1:4700/api/${apiId}`,
  })

export const loadStack = (build: (stack: Stack) => void): Promise<Assembly> => load(synthesiseStack(build))

/** A resource as the template would have it, past all help of the CDK. */
export const raw = (
  stack: Stack,
  id: string,
  type: string,
  properties: Record<string, unknown>,
): CfnResource => new CfnResource(stack, id, { type, properties })
