import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import type { FunctionModel } from '../../../../local/assembly/model.ts'
import type { FunctionPool, FunctionPoolOptions } from '../../../../local/lambda/pool.ts'
import { functionOf, poolOf, scratch } from './fixtures.ts'

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

describe('an invocation', () => {
  it('gets the event and the context, and nothing of the environment of this process', async () => {
    process.env['LOCKGATE_LEAK'] = 'leaked'
    const code = `export const handler = async (event, context) => ({ event, context,
      remaining: context.getRemainingTimeInMillis(), env: process.env, cwd: process.cwd() })`
    const versionArn = 'arn:aws:lambda:eu-central-1:000000000000:function:echo:7'
    const latest = functionOf(code, { environment: { TABLE: 'none' } })
    const frozen = { ...latest, arn: versionArn, number: 7, environment: { TABLE: 'places' } }
    const model = { ...latest, versions: [frozen] }
    const { payload, functionError } = await pool([model]).invoke({
      functionArn: versionArn,
      payload: { a: 1 },
    })
    expect(functionError).toBeUndefined()
    const seen = payload as Record<string, Record<string, unknown>>
    expect(seen['event']).toEqual({ a: 1 })
    expect(seen['context']).toMatchObject({
      functionName: 'echo',
      functionVersion: '7',
      invokedFunctionArn: versionArn,
      memoryLimitInMB: '256',
      logGroupName: '/aws/lambda/echo',
      callbackWaitsForEmptyEventLoop: true,
    })
    expect(seen['remaining']).toBeLessThanOrEqual(20_000)
    expect(seen['remaining']).toBeGreaterThan(15_000)
    expect(seen['env']).toMatchObject({
      TABLE: 'places',
      AWS_REGION: 'eu-central-1',
      AWS_ACCESS_KEY_ID: 'ASIAROLE',
      AWS_ENDPOINT_URL: 'http://127.0.0.1:1',
      AWS_ENDPOINT_URL_DYNAMODB: 'http://127.0.0.1:2',
      TZ: 'UTC',
    })
    expect(seen['env']).not.toHaveProperty('LOCKGATE_LEAK')
    expect(seen['env']).not.toHaveProperty('HOME')
  })

  it('answers null for undefined, and reads a CommonJS bundle though the project is of ES modules', async () => {
    expect((await invokeOnce(functionOf('export const handler = async () => undefined'))).payload).toBeNull()
    const commonJs = functionOf('exports.handler = async () => typeof require', {}, 'index.js')
    expect((await invokeOnce(commonJs)).payload).toBe('function')
  })

  it('keeps a process warm, and runs one at a time in it', async () => {
    const code = `let running = 0, count = 0
      export const handler = async () => { const overlap = running++ > 0; await new Promise((r) => setTimeout(r, 30))
        running--; return { overlap, count: ++count, pid: process.pid } }`
    const model = functionOf(code)
    const made = pool([model], { maxProcesses: 2 })
    const results = await Promise.all(
      [1, 2, 3, 4, 5, 6].map(() => made.invoke({ functionArn: 'echo', payload: {} })),
    )
    const seen = results.map(({ payload }) => payload as { overlap: boolean; count: number; pid: number })
    expect(seen.some(({ overlap }) => overlap)).toBe(false)
    expect(new Set(seen.map(({ pid }) => pid)).size).toBe(2)
    expect(Math.max(...seen.map(({ count }) => count))).toBeGreaterThanOrEqual(3)
  })

  it('ends an idle process of another function when all places are taken', async () => {
    const code = 'export const handler = async () => process.pid'
    const made = pool([functionOf(code), functionOf(code, { name: 'other' })], { maxProcesses: 1 })
    const first = await made.invoke({ functionArn: 'echo', payload: {} })
    const second = await made.invoke({ functionArn: 'other', payload: {} })
    expect(second.payload).not.toBe(first.payload)
  })
})

describe('the pool', () => {
  it('writes output between START, END and REPORT, and tells the peak memory', async () => {
    const stateDirectory = scratch()
    const made = pool([functionOf("export const handler = async () => console.log('hello')")], {
      stateDirectory,
    })
    await made.invoke({ functionArn: 'echo', payload: {} })
    const log = readFileSync(join(stateDirectory, 'logs', 'echo.log'), 'utf8')
    expect(log).toMatch(
      /^START RequestId: \S+ Version: \$LATEST\nhello\nEND RequestId: \S+\nREPORT RequestId: .*Max Memory Used: \d+ MB/,
    )
    expect(made.peakMemory()['echo']).toBeGreaterThan(20 * 1024 * 1024)
  })

  it('gives up a waiting and a running invocation when told to', async () => {
    const made = pool([functionOf('export const handler = () => new Promise(() => {})')], { maxProcesses: 1 })
    const abort = new AbortController()
    const both = [1, 2].map(() => made.invoke({ functionArn: 'echo', payload: {}, signal: abort.signal }))
    setTimeout(() => abort.abort(new Error('stopped')), 200)
    for (const outcome of await Promise.allSettled(both)) {
      expect(outcome).toMatchObject({ status: 'rejected', reason: { message: 'stopped' } })
    }
  })

  it('refuses what waits when it is closed', async () => {
    const made = pool([functionOf('export const handler = () => new Promise(() => {})')], { maxProcesses: 1 })
    const both = [1, 2].map(() => made.invoke({ functionArn: 'echo', payload: {} }))
    const outcomes = Promise.allSettled(both)
    await made.close()
    expect((await outcomes).map(({ status }) => status)).toEqual(['fulfilled', 'rejected'])
  })
})
