import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { RemovalPolicy, aws_iam, aws_lambda, aws_stepfunctions } from 'aws-cdk-lib'
import { beforeEach, describe, expect, it } from 'vitest'
import { bundle, load, raw, synthesiseStack, temporaryDirectory } from './synthesised.ts'

interface Content {
  readonly code: string
  readonly mode?: string
  readonly comment?: string
  /** Something that must be refused. */
  readonly broken?: boolean
}

/** One function and one state machine that names the function's published version. */
const synthesiseFlow = ({ code, mode = 'a', comment = '', broken = false }: Content): string =>
  synthesiseStack((stack) => {
    const load = new aws_lambda.Function(stack, 'Load', {
      functionName: 'load',
      runtime: new aws_lambda.Runtime('nodejs24.x', aws_lambda.RuntimeFamily.NODEJS),
      code: aws_lambda.Code.fromAsset(bundle(code)),
      handler: 'index.handler',
      environment: { MODE: mode },
      currentVersionOptions: { removalPolicy: RemovalPolicy.RETAIN },
    })
    const definition = {
      Comment: comment,
      StartAt: 'Load',
      States: { Load: { Type: 'Task', Resource: '${Load}' } },
    }
    const migrate = new aws_stepfunctions.StateMachine(stack, 'Migrate', {
      stateMachineName: 'migrate',
      role: new aws_iam.Role(stack, 'Role', {
        assumedBy: new aws_iam.ServicePrincipal('states.amazonaws.com'),
      }),
      definitionBody: aws_stepfunctions.DefinitionBody.fromString(JSON.stringify(definition)),
      definitionSubstitutions: { Load: load.currentVersion.functionArn },
    })
    new aws_stepfunctions.CfnStateMachineVersion(stack, 'Version', {
      stateMachineArn: migrate.stateMachineArn,
      stateMachineRevisionId: migrate.stateMachineRevisionId,
    })
    if (broken) raw(stack, 'Queue', 'AWS::SNS::Subscription', { TopicArn: 't', Protocol: 'p', Endpoint: 'e' })
  })

const functionArn = 'arn:aws:lambda:us-east-1:000000000000:function:load'
const machineArn = 'arn:aws:states:us-east-1:000000000000:stateMachine:migrate'
let state: string
const deploy = async (content: Content) => {
  const assembly = await load(synthesiseFlow(content), state)
  const [fn] = assembly.functions
  const [machine] = assembly.stateMachines
  if (fn === undefined || machine === undefined) throw new Error('nothing was loaded')
  return { fn, machine }
}
const codeOf = (directory: string | undefined): string =>
  readFileSync(join(directory ?? '', 'index.js'), 'utf8')

beforeEach(() => {
  state = temporaryDirectory()
})

describe('published versions', () => {
  it('begin with 1, and the definition names the version of the function', async () => {
    const { fn, machine } = await deploy({ code: 'one' })
    expect(fn.versionArn).toBe(`${functionArn}:1`)
    expect(fn.versions).toMatchObject([
      { number: 1, arn: `${functionArn}:1`, handler: 'index.handler', timeoutSeconds: 3 },
    ])
    expect(fn.versions[0]?.codeDirectory).toBe(join(state, 'versions', 'load', '1'))
    expect(codeOf(fn.versions[0]?.codeDirectory)).toBe('one')
    expect(machine.versionArn).toBe(`${machineArn}:1`)
    expect(JSON.parse(machine.definition)).toMatchObject({
      States: { Load: { Resource: `${functionArn}:1` } },
    })
  })
  it('keep their number for the same content, wherever it was synthesised', async () => {
    await deploy({ code: 'one' })
    const { fn, machine } = await deploy({ code: 'one' })
    expect(fn.versions.map(({ number }) => number)).toEqual([1])
    expect(machine.versions.map(({ number }) => number)).toEqual([1])
  })
  it('get the next number for new code, and the old one stays as it was', async () => {
    const before = await deploy({ code: 'one' })
    const { fn, machine } = await deploy({ code: 'two' })
    expect(fn.versionArn).toBe(`${functionArn}:2`)
    expect(fn.versions.map(({ codeDirectory }) => codeOf(codeDirectory))).toEqual(['one', 'two'])
    expect(codeOf(fn.codeDirectory)).toBe('two')
    expect(machine.versions.map(({ arn }) => arn)).toEqual([`${machineArn}:1`, `${machineArn}:2`])
    expect(machine.versions[0]?.definition).toBe(before.machine.definition)
    expect(machine.versions[1]?.definition).toContain(`${functionArn}:2`)
  })
  it('get the next number for new configuration', async () => {
    await deploy({ code: 'one', mode: 'a' })
    const { fn } = await deploy({ code: 'one', mode: 'b' })
    expect(fn.versions.map(({ number, environment }) => [number, environment['MODE']])).toEqual([
      [1, 'a'],
      [2, 'b'],
    ])
  })
  it('go back to the earlier number with the earlier content', async () => {
    await deploy({ code: 'one' })
    await deploy({ code: 'two' })
    const { fn, machine } = await deploy({ code: 'one' })
    expect(fn.versionArn).toBe(`${functionArn}:1`)
    expect(fn.versions).toHaveLength(2)
    expect(machine.versionArn).toBe(`${machineArn}:1`)
  })
  it('of state machines follow the definition alone as well', async () => {
    await deploy({ code: 'one', comment: 'a' })
    const { fn, machine } = await deploy({ code: 'one', comment: 'b' })
    expect(fn.versions).toHaveLength(1)
    expect(machine.versionArn).toBe(`${machineArn}:2`)
  })
  it('are not published by a template that is refused', async () => {
    await deploy({ code: 'one' })
    await expect(deploy({ code: 'two', broken: true })).rejects.toThrow(/is not a topic here/)
    const { fn } = await deploy({ code: 'three' })
    expect(fn.versions.map(({ codeDirectory }) => codeOf(codeDirectory))).toEqual(['one', 'three'])
  })
  it('do not take over what a killed load left behind', async () => {
    const orphan = join(state, 'versions', 'load', '1')
    mkdirSync(orphan, { recursive: true })
    writeFileSync(join(orphan, 'index.js'), 'orphan')
    const { fn } = await deploy({ code: 'one' })
    expect(codeOf(fn.versions[0]?.codeDirectory)).toBe('one')
  })
})
