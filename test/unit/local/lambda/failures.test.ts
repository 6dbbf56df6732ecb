import { afterEach, describe, expect, it } from 'vitest'
import type { FunctionModel } from '../../../../local/assembly/model.ts'
import type { FunctionPool, FunctionPoolOptions } from '../../../../local/lambda/pool.ts'
import { functionOf, poolOf } from './fixtures.ts'

const pools: FunctionPool[] = []
afterEach(() => Promise.all(pools.splice(0).map((pool) => pool.close())))

function pool(
  functions: readonly FunctionModel[],
  overrides: Partial<FunctionPoolOptions> = {},
): FunctionPool {
  const created = poolOf(functions, overrides)
  pools.push(created)
  return created
}

const invokeOnce = (model: FunctionModel, payload: unknown = {}) =>
  pool([model]).invoke({ functionArn: model.arn, payload })

describe('a failure', () => {
  it('of the handler has its type, message and trace, and leaves the process in use', async () => {
    const code = `class LockLost extends Error { name = 'LockLost' }
      export const handler = async (event) => { if (event.fail) throw new LockLost('token 3'); return process.pid }`
    const made = pool([functionOf(code)])
    const before = await made.invoke({ functionArn: 'echo', payload: {} })
    const failed = await made.invoke({ functionArn: 'echo', payload: { fail: true } })
    expect(failed).toMatchObject({
      functionError: 'Unhandled',
      payload: { errorType: 'LockLost', errorMessage: 'token 3', trace: expect.any(Array) as unknown },
    })
    expect((await made.invoke({ functionArn: 'echo', payload: {} })).payload).toBe(before.payload)
  })

  it('is a time-out when the limit is reached, though the process never yields', async () => {
    const model = functionOf('export const handler = async () => { for (;;); }', { timeoutSeconds: 1 })
    const result = await invokeOnce(model)
    expect(result.payload).toMatchObject({
      errorType: 'Sandbox.Timedout',
      errorMessage: expect.stringMatching(
        /^RequestId: [-0-9a-f]{36} Error: Task timed out after 1\.00 seconds$/,
      ) as unknown,
    })
  })

  it('is an exit error when the process ends, and the next invocation gets another process', async () => {
    const code = 'export const handler = async (event) => { if (event.exit) process.exit(3); return 1 }'
    const made = pool([functionOf(code)])
    const result = await made.invoke({ functionArn: 'echo', payload: { exit: true } })
    expect(result.payload).toMatchObject({
      errorType: 'Runtime.ExitError',
      errorMessage: expect.stringContaining('Runtime exited with error: exit status 3') as unknown,
    })
    expect((await made.invoke({ functionArn: 'echo', payload: {} })).payload).toBe(1)
  })

  it('is an exit error when the process is killed, and the next invocation gets another process', async () => {
    const code = `export const handler = (event) => event.waits ? new Promise((r) => setTimeout(r, 60_000)) : 1`
    const made = pool([functionOf(code)])
    expect((await made.invoke({ functionArn: 'echo', payload: {} })).payload).toBe(1)
    expect(made.running()).toEqual([])
    const waiting = made.invoke({ functionArn: 'echo', payload: { waits: true } })
    expect(made.running().map(({ functionName }) => functionName)).toEqual(['echo'])
    for (const { kill } of made.running()) kill()
    expect((await waiting).payload).toMatchObject({
      errorType: 'Runtime.ExitError',
      errorMessage: expect.stringContaining('Runtime exited with error: signal: killed') as unknown,
    })
    expect((await made.invoke({ functionArn: 'echo', payload: {} })).payload).toBe(1)
  })

  it('names what kept the bundle from loading', async () => {
    const missing = functionOf("import 'nowhere'; export const handler = async () => 1")
    expect((await invokeOnce(missing)).payload).toMatchObject({ errorType: 'Runtime.ImportModuleError' })
    const unnamed = functionOf('export const other = 1')
    expect((await invokeOnce(unnamed)).payload).toMatchObject({ errorType: 'Runtime.HandlerNotFound' })
  })

  it('is an unhandled rejection when a promise is let go', async () => {
    const code = `export const handler = () => { Promise.reject(new Error('let go')); return new Promise(() => {}) }`
    expect((await invokeOnce(functionOf(code))).payload).toMatchObject({
      errorType: 'Runtime.UnhandledPromiseRejection',
      errorMessage: 'Error: let go',
    })
  })

  it('is out of memory when the resident set outgrows the memory size', async () => {
    const code = `export const handler = async () => { const kept = []
      for (;;) { kept.push(Buffer.alloc(8 << 20, 1)); await new Promise((r) => setTimeout(r, 10)) } }`
    expect((await invokeOnce(functionOf(code, { memoryMiB: 160 }))).payload).toMatchObject({
      errorType: 'Runtime.OutOfMemory',
    })
  })

  it('is a payload too large, in both directions', async () => {
    const model = functionOf("export const handler = async (event) => 'x'.repeat(event.size)")
    await expect(invokeOnce(model, 'x'.repeat(6 * 1024 * 1024))).rejects.toThrow('smaller than 6291456 bytes')
    expect((await invokeOnce(model, { size: 6 * 1024 * 1024 + 100 })).payload).toMatchObject({
      errorType: 'Function.ResponseSizeTooLarge',
    })
    expect((await invokeOnce(model, { size: 6 * 1024 * 1024 - 2 })).functionError).toBeUndefined()
  })

  it('is a throttle beyond the reserved concurrency', async () => {
    const code = 'export const handler = () => new Promise((r) => setTimeout(r, 300))'
    const made = pool([functionOf(code, { reservedConcurrency: 1 })])
    const first = made.invoke({ functionArn: 'echo', payload: {} })
    await expect(made.invoke({ functionArn: 'echo', payload: {} })).rejects.toMatchObject({
      name: 'Lambda.TooManyRequestsException',
    })
    expect((await first).payload).toBeNull()
  })
})
