import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { FunctionModel } from '../../../../local/assembly/model.ts'
import { createFunctionPool, type FunctionPoolOptions } from '../../../../local/lambda/pool.ts'

export const scratch = () => mkdtempSync(join(tmpdir(), 'lockgate-'))

/** A function whose bundle is the given module text. */
export function functionOf(
  code: string,
  overrides: Partial<FunctionModel> = {},
  file = 'index.mjs',
): FunctionModel {
  const name = overrides.name ?? 'echo'
  const codeDirectory = join(scratch(), name)
  mkdirSync(codeDirectory)
  writeFileSync(join(codeDirectory, file), code)
  return {
    name,
    arn: `arn:aws:lambda:eu-central-1:000000000000:function:${name}`,
    codeDirectory,
    handler: 'index.handler',
    environment: {},
    timeoutSeconds: 20,
    memoryMiB: 256,
    versions: [],
    aliases: [],
    policy: [],
    roleArn: `arn:aws:iam::000000000000:role/${name}`,
    ...overrides,
  }
}

export function poolOf(functions: readonly FunctionModel[], overrides: Partial<FunctionPoolOptions> = {}) {
  return createFunctionPool({
    functions,
    stateDirectory: scratch(),
    region: 'eu-central-1',
    credentials: () => ({ accessKeyId: 'ASIAROLE', secretAccessKey: 'secret', sessionToken: 'token' }),
    endpoint: 'http://127.0.0.1:1',
    dynamodbEndpoint: 'http://127.0.0.1:2',
    maxProcesses: 2,
    ...overrides,
  })
}
