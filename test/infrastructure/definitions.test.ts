import validate from 'asl-validator'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { functionFolders } from '../../lib/bundling.ts'
import { functionPlaceholder, readDefinition } from '../../lib/definition.ts'
import { root } from './synthesised.ts'

const folder = join(root, 'statemachines')
const files = readdirSync(folder).filter((file) => file.endsWith('.asl.json'))

const errors = z.object({ ErrorEquals: z.array(z.string()) })
const state = z.looseObject({
  Type: z.string(),
  Resource: z.string().optional(),
  Retry: z.array(errors.extend({ JitterStrategy: z.string().optional() })).default([]),
  Catch: z.array(errors.extend({ Next: z.string() })).default([]),
  Next: z.string().optional(),
})
type State = z.infer<typeof state>

/** Every state of a definition, wherever it is nested, with the states that stand beside it. */
function* statesIn(
  part: unknown,
): Generator<{ name: string; state: State; beside: Readonly<Record<string, State>> }> {
  if (typeof part !== 'object' || part === null) return
  for (const [key, value] of Object.entries(part)) {
    if (key === 'States') {
      const beside = z.record(z.string(), state).parse(value)
      for (const [name, one] of Object.entries(beside)) yield { name, state: one, beside }
    }
    yield* statesIn(value)
  }
}

const read = (file: string): unknown => JSON.parse(readFileSync(join(folder, file), 'utf8'))
const tasks = files.flatMap((file) =>
  [...statesIn(read(file))].filter(({ state }) => state.Type === 'Task').map((task) => ({ ...task, file })),
)

const lambdaTrouble = [
  'Lambda.ServiceException',
  'Lambda.AWSLambdaException',
  'Lambda.SdkClientException',
  'Lambda.TooManyRequestsException',
  'ServiceUnavailable',
]

describe('the definitions', () => {
  it.each(files)('%s is valid', (file) => {
    const verdict = validate(z.record(z.string(), z.unknown()).parse(read(file)))
    expect(verdict.isValid ? '' : verdict.errorsText()).toBe('')
  })

  it.each(files)('%s names functions that exist, and only substitutions', (file) => {
    const { functions } = readDefinition(join(folder, file), functionFolders(root))
    expect(functions.length).toBeGreaterThan(0)
    for (const name of functions) expect(existsSync(join(root, 'lambdas', name, 'handler.ts'))).toBe(true)
    const names = [
      ...readFileSync(join(folder, file), 'utf8').matchAll(/"(?:FunctionName|StateMachineArn)": "([^"]+)"/g),
    ]
    for (const [, value] of names) expect(value).toMatch(/^\$\{\w+\}$/)
  })

  it('call every function but those behind the page and the event', () => {
    const called = files.flatMap(
      (file) => readDefinition(join(folder, file), functionFolders(root)).functions,
    )
    const rest = functionFolders(root).filter((name) => !called.includes(name))
    expect(rest).toEqual(['decide-gate', 'record-failure', 'show-gate'])
  })

  it('let no stage start on what a wait found: the calendar is asked again', () => {
    const beside = [...statesIn(read('migrate.asl.json'))].find(({ name }) => name === 'AwaitWindow')
    expect(beside?.state.Next).toBe('BeginStage')
    const leading = Object.entries(beside?.beside ?? {}).filter(([, { Next }]) => Next === 'RunStage')
    expect(leading).toEqual([])
  })

  it.each(tasks)('$file $name retries what is transient, with jitter', ({ state }) => {
    const wanted = state.Resource?.includes(':lambda:')
      ? lambdaTrouble
      : ['StepFunctions.ThrottlingException']
    const retried = state.Retry.filter(({ JitterStrategy }) => JitterStrategy === 'FULL').flatMap(
      ({ ErrorEquals }) => ErrorEquals,
    )
    for (const name of wanted) expect(retried).toContain(name)
    expect(state.Retry.every(({ JitterStrategy }) => JitterStrategy === 'FULL')).toBe(true)
  })

  it.each(tasks)('$file $name catches only where the flow goes on', ({ state, beside }) => {
    for (const { Next } of state.Catch) expect(endsInFail(Next, beside)).toBe(false)
  })
})

/** Whether everything that follows from here is a Fail. */
function endsInFail(name: string, states: Readonly<Record<string, State>>): boolean {
  const seen = new Set<string>()
  for (let at: string | undefined = name; at !== undefined && !seen.has(at); at = states[at]?.Next) {
    seen.add(at)
    if (states[at]?.Type === 'Fail') return true
    if (states[at]?.Type !== 'Pass') return false
  }
  return false
}

describe('reading a definition', () => {
  const scratch = mkdtempSync(join(tmpdir(), 'lockgate-asl-'))
  afterAll(() => rmSync(scratch, { recursive: true, force: true }))
  const file = join(scratch, 'odd.asl.json')

  it('refuses, by name, a function that is not there', () => {
    writeFileSync(file, '{ "FunctionName": "${WeighAnchorFunction}" }')
    expect(() => readDefinition(file, ['extract'])).toThrow('there is no lambdas/weigh-anchor/handler.ts')
  })

  it('takes a definition for the same when only its space differs', () => {
    writeFileSync(file, '{ "FunctionName": "${ExtractFunction}" }')
    const spaced = readDefinition(file, ['extract'])
    writeFileSync(file, '{"FunctionName":"${ExtractFunction}"}')
    expect(readDefinition(file, ['extract'])).toEqual(spaced)
    expect(functionPlaceholder('await-decision')).toBe('AwaitDecisionFunction')
  })
})
