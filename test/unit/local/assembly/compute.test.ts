import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Stack } from 'aws-cdk-lib'
import {
  CfnOutput,
  aws_apigatewayv2 as apigateway,
  aws_apigatewayv2_integrations as integrations,
  aws_events as events,
  aws_events_targets as targets,
  aws_iam as iam,
  aws_lambda as lambda,
  aws_stepfunctions as stepfunctions,
} from 'aws-cdk-lib'
import { describe, expect, it } from 'vitest'
import { bundle, loadStack, temporaryDirectory } from './synthesised.ts'

const newFunction = (stack: Stack, more: Partial<lambda.FunctionProps> = {}) =>
  new lambda.Function(stack, 'Gate', {
    functionName: 'gate',
    runtime: new lambda.Runtime('nodejs24.x', lambda.RuntimeFamily.NODEJS),
    code: lambda.Code.fromAsset(bundle('exports.handler = () => 1')),
    handler: 'index.handler',
    ...more,
  })
const gateArn = 'arn:aws:lambda:us-east-1:000000000000:function:gate'

describe('roles', () => {
  it('gather inline, attached and managed policies', async () => {
    const { roles } = await loadStack((stack) => {
      const statement = (action: string) => new iam.PolicyStatement({ actions: [action], resources: ['*'] })
      const role = new iam.Role(stack, 'Role', {
        assumedBy: new iam.ServicePrincipal('lambda.amazonaws.com'),
        inlinePolicies: { own: new iam.PolicyDocument({ statements: [statement('s3:GetObject')] }) },
        managedPolicies: [
          iam.ManagedPolicy.fromAwsManagedPolicyName('service-role/AWSLambdaBasicExecutionRole'),
        ],
      })
      role.addToPolicy(statement('s3:PutObject'))
      role.addManagedPolicy(new iam.ManagedPolicy(stack, 'Shared', { statements: [statement('kms:Sign')] }))
    })
    expect(roles[0]?.statements.flatMap(({ actions }) => actions)).toEqual([
      's3:GetObject',
      's3:PutObject',
      'logs:CreateLogGroup',
      'logs:CreateLogStream',
      'logs:PutLogEvents',
      'kms:Sign',
    ])
    expect(roles[0]?.trust).toMatchObject([
      { actions: ['sts:AssumeRole'], principals: ['lambda.amazonaws.com'] },
    ])
  })
})

describe('HTTP APIs', () => {
  it('know routes, throttles and who may call the function', async () => {
    const { httpApis, functions, outputs } = await loadStack((stack) => {
      const api = new apigateway.HttpApi(stack, 'Api')
      const integration = new integrations.HttpLambdaIntegration('Gate', newFunction(stack))
      const { GET, POST } = apigateway.HttpMethod
      api.addRoutes({ path: '/gates/{capability}', methods: [GET, POST], integration })
      const stage = api.defaultStage?.node.defaultChild as apigateway.CfnStage
      stage.defaultRouteSettings = { throttlingRateLimit: 20, throttlingBurstLimit: 40 }
      stage.routeSettings = { 'POST /gates/{capability}': { ThrottlingRateLimit: 2 } }
      new CfnOutput(stack, 'Url', { value: api.url ?? '' })
      new CfnOutput(stack, 'Endpoint', { value: api.apiEndpoint })
    })
    const [api] = httpApis
    expect(api?.id).toMatch(/^[a-z0-9]{10}$/)
    expect(api?.endpoint).toBe(`http://127.0.0.1:4700/api/${api?.id}`)
    expect(outputs).toEqual({ 'Test.Url': `${api?.endpoint}/`, 'Test.Endpoint': api?.endpoint })
    const common = { functionArn: gateArn, timeoutMilliseconds: 30_000 }
    expect(api?.routes).toEqual([
      { routeKey: 'GET /gates/{capability}', ...common, throttle: { rate: 20, burst: 40 } },
      { routeKey: 'POST /gates/{capability}', ...common, throttle: { rate: 2, burst: 40 } },
    ])
    expect(functions[0]?.policy[0]).toEqual({
      effect: 'Allow',
      actions: ['lambda:InvokeFunction'],
      resources: [gateArn],
      principals: ['apigateway.amazonaws.com'],
      conditions: {
        ArnLike: {
          'aws:SourceArn': `arn:aws:execute-api:us-east-1:000000000000:${api?.id}/*/*/gates/{capability}`,
        },
      },
    })
  })
  it('refuse a throttle for a route that is not there', async () => {
    const loading = loadStack((stack) => {
      const api = new apigateway.HttpApi(stack, 'Api')
      const stage = api.defaultStage?.node.defaultChild as apigateway.CfnStage
      stage.routeSettings = { 'GET /gate': { ThrottlingRateLimit: 2 } }
    })
    await expect(loading).rejects.toThrow(/RouteSettings\.GET \/gate: is not a route/)
  })
})

describe('functions, rules and state machines', () => {
  it('know configuration, aliases and asynchronous invocation', async () => {
    const { functions } = await loadStack((stack) => {
      const gate = newFunction(stack, {
        memorySize: 512,
        reservedConcurrentExecutions: 3,
        retryAttempts: 0,
        environment: { REGION: stack.region },
        tracing: lambda.Tracing.ACTIVE,
      })
      const { version: functionVersion } = gate.currentVersion
      new lambda.CfnAlias(stack, 'Live', { name: 'live', functionName: gate.functionName, functionVersion })
    })
    expect(functions).toMatchObject([
      {
        memoryMiB: 512,
        reservedConcurrency: 3,
        environment: { REGION: 'us-east-1' },
        aliases: [{ name: 'live', arn: `${gateArn}:live`, versionArn: `${gateArn}:1` }],
        asyncInvoke: { maximumRetryAttempts: 0 },
      },
    ])
  })
  it('know pattern and targets', async () => {
    const { rules } = await loadStack((stack) => {
      const rule = new events.Rule(stack, 'Failed', {
        ruleName: 'failed',
        eventPattern: { source: ['aws.states'] },
      })
      const gate = newFunction(stack)
      rule.addTarget(new targets.LambdaFunction(gate, { event: events.RuleTargetInput.fromObject({ a: 1 }) }))
      const status = events.EventField.fromPath('$.detail.status')
      rule.addTarget(
        new targets.LambdaFunction(gate, { event: events.RuleTargetInput.fromObject({ status }) }),
      )
      new events.Rule(stack, 'Off', { enabled: false, eventPattern: { source: ['x'] } })
    })
    expect(rules).toEqual([
      {
        name: 'failed',
        arn: 'arn:aws:events:us-east-1:000000000000:rule/failed',
        pattern: { source: ['aws.states'] },
        targets: [
          { arn: gateArn, input: { a: 1 } },
          {
            arn: gateArn,
            inputTransformer: {
              paths: { 'detail-status': '$.detail.status' },
              template: '{"status":<detail-status>}',
            },
          },
        ],
      },
    ])
  })
  it.each(['file', 'string'])('resolve a definition from a %s', async (from) => {
    const text = JSON.stringify({
      StartAt: 'A',
      States: { A: { Type: 'Task', Resource: '${Gate}', End: true } },
    })
    const file = join(temporaryDirectory(), 'flow.asl.json')
    writeFileSync(file, text)
    const { DefinitionBody } = stepfunctions
    const { stateMachines } = await loadStack((stack) => {
      new stepfunctions.StateMachine(stack, 'Flow', {
        definitionBody: from === 'file' ? DefinitionBody.fromFile(file) : DefinitionBody.fromString(text),
        definitionSubstitutions: { Gate: newFunction(stack).functionArn },
        role: new iam.Role(stack, 'Role', { assumedBy: new iam.ServicePrincipal('states.amazonaws.com') }),
      })
    })
    expect(stateMachines).toMatchObject([{ definition: text.replace('${Gate}', gateArn), versions: [] }])
  })
})
