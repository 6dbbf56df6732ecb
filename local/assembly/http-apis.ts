import { z } from 'zod'
import { shortIdentifier } from './arns.ts'
import type { Deployment, Resource } from './deployment.ts'
import type { HttpApiModel } from './model.ts'
import { readProperties, refuseProperty } from './properties.ts'

const ApiProperties = z.strictObject({
  Name: z.string(),
  ProtocolType: z.literal('HTTP'),
  DisableExecuteApiEndpoint: z.literal(false).optional(),
})
const RouteProperties = z.strictObject({
  ApiId: z.string(),
  RouteKey: z.string(),
  Target: z.string().startsWith('integrations/'),
  AuthorizationType: z.literal('NONE').default('NONE'),
})
const IntegrationProperties = z.strictObject({
  ApiId: z.string(),
  IntegrationType: z.literal('AWS_PROXY'),
  IntegrationUri: z.string().startsWith('arn:aws:lambda:'),
  PayloadFormatVersion: z.literal('2.0'),
  TimeoutInMillis: z.number().default(30_000),
})
const throttling = z.strictObject({
  ThrottlingRateLimit: z.number().optional(),
  ThrottlingBurstLimit: z.number().optional(),
})
const StageProperties = z.strictObject({
  ApiId: z.string(),
  // Another name would become the first segment of every path.
  StageName: z.literal('$default'),
  // Otherwise routes need an AWS::ApiGatewayV2::Deployment to be reachable.
  AutoDeploy: z.literal(true),
  DefaultRouteSettings: throttling.default({}),
  RouteSettings: z.record(z.string(), throttling).default({}),
})

export const httpApiTypes = [
  'AWS::ApiGatewayV2::Api',
  'AWS::ApiGatewayV2::Route',
  'AWS::ApiGatewayV2::Integration',
  'AWS::ApiGatewayV2::Stage',
]

/** Quota of an account, which holds where a throttle gives only one of the two. Source: API Gateway quotas. */
const accountThrottle = { rate: 10_000, burst: 5_000 }

export function readHttpApis(deployment: Deployment): HttpApiModel[] {
  const all = <S extends z.ZodType>(type: string, schema: S) =>
    deployment
      .ofType(type)
      .map((resource) => ({ resource, given: readProperties(deployment, resource, schema) }))
  const apis = all('AWS::ApiGatewayV2::Api', ApiProperties)
  const ids = new Set(apis.map(({ resource }) => shortIdentifier(resource)))
  const routes = all('AWS::ApiGatewayV2::Route', RouteProperties)
  const integrations = all('AWS::ApiGatewayV2::Integration', IntegrationProperties)
  const stages = all('AWS::ApiGatewayV2::Stage', StageProperties)
  for (const { resource, given } of [...routes, ...integrations, ...stages]) {
    if (!ids.has(given.ApiId)) refuseProperty(resource, 'ApiId', `${given.ApiId} is not an API here`)
  }
  return apis.map(({ resource: api, given: { Name } }) => {
    const id = shortIdentifier(api)
    const stage = stages.find(({ given }) => given.ApiId === id) ?? refuseProperty(api, '', 'has no stage')
    const own = routes.filter(({ given }) => given.ApiId === id)
    refuseStrayRouteSettings(
      stage.resource,
      Object.keys(stage.given.RouteSettings),
      own.map(({ given }) => given.RouteKey),
    )
    return {
      id,
      name: Name,
      endpoint: deployment.settings.httpApiEndpoint(id),
      routes: own.map(({ resource, given }) => {
        const integration =
          integrations.find((item) => given.Target === `integrations/${shortIdentifier(item.resource)}`) ??
          refuseProperty(resource, 'Target', `${given.Target} is not an integration here`)
        const limits = { ...stage.given.DefaultRouteSettings, ...stage.given.RouteSettings[given.RouteKey] }
        return {
          routeKey: given.RouteKey,
          functionArn: integration.given.IntegrationUri,
          timeoutMilliseconds: integration.given.TimeoutInMillis,
          ...throttleOf(limits),
        }
      }),
    }
  })
}

function throttleOf({ ThrottlingRateLimit: rate, ThrottlingBurstLimit: burst }: z.infer<typeof throttling>) {
  if (rate === undefined && burst === undefined) return {}
  return { throttle: { rate: rate ?? accountThrottle.rate, burst: burst ?? accountThrottle.burst } }
}

/** A misspelt route key would leave the route without its throttle; API Gateway refuses it as well. */
function refuseStrayRouteSettings(
  stage: Resource,
  settings: readonly string[],
  routeKeys: readonly string[],
): void {
  const stray = settings.find((key) => !routeKeys.includes(key))
  if (stray !== undefined) refuseProperty(stage, `RouteSettings.${stray}`, 'is not a route of this API')
}
