import { RemovalPolicy } from 'aws-cdk-lib'
import { AccessLogFormat } from 'aws-cdk-lib/aws-apigateway'
import {
  CfnStage,
  HttpApi,
  HttpMethod,
  HttpRoute,
  HttpRouteKey,
  HttpStage,
  LogGroupLogDestination,
} from 'aws-cdk-lib/aws-apigatewayv2'
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations'
import type { IFunction } from 'aws-cdk-lib/aws-lambda'
import { LogGroup } from 'aws-cdk-lib/aws-logs'
import { Construct } from 'constructs'
import { acknowledge } from '../acknowledge.ts'
import { retention } from '../log-retention.ts'

interface ApprovalPageProps {
  readonly apiName: string
  readonly logRetentionDays: number
}

const path = '/gates/{capability}'
/**
 * Requests a second, and at once, for each method apart: whoever floods one leaves the others as they are. A page is
 * opened by a few people, and looked at by the mail scanners of their companies; deciding is rarer still.
 */
const throttles = {
  [HttpMethod.GET]: { ThrottlingRateLimit: 20, ThrottlingBurstLimit: 40 },
  [HttpMethod.HEAD]: { ThrottlingRateLimit: 10, ThrottlingBurstLimit: 20 },
  [HttpMethod.POST]: { ThrottlingRateLimit: 5, ThrottlingBurstLimit: 10 },
} as const

const noAuthorizer =
  'the link is the authorisation: it carries a 256-bit capability for one person and one gate, of which only the ' +
  'hash is stored; approvers need no AWS identity, and the function refuses what the capability does not cover'

/** The HTTP API of the page on which approvers decide. */
export class ApprovalPage extends Construct {
  readonly #api: HttpApi
  readonly #log: LogGroup

  constructor(scope: Construct, id: string, { apiName, logRetentionDays }: ApprovalPageProps) {
    super(scope, id)
    this.#api = new HttpApi(this, 'Api', {
      apiName,
      description: 'Lockgate: evidence and decisions at gates',
      createDefaultStage: false,
    })
    this.#log = new LogGroup(this, 'AccessLog', {
      logGroupName: `/aws/vendedlogs/apis/${apiName}`,
      retention: retention(logRetentionDays),
      removalPolicy: RemovalPolicy.DESTROY,
    })
  }

  /** Base address, without a final slash. */
  get url(): string {
    return this.#api.apiEndpoint
  }

  /** Opens the page. Functions that need its address can be made before this. */
  serve({ show, decide }: { readonly show: IFunction; readonly decide: IFunction }): void {
    // A permission for each route would be one for all methods of its path, and so be there twice.
    const shown = new HttpLambdaIntegration('ShowIntegration', show, { scopePermissionToRoute: false })
    const decided = new HttpLambdaIntegration('DecideIntegration', decide, { scopePermissionToRoute: false })
    const routes = [
      this.#route('Show', HttpMethod.GET, shown),
      // An HTTP API does not answer HEAD by itself; left out, a mail scanner takes the link for a dead one.
      this.#route('Look', HttpMethod.HEAD, shown),
      this.#route('Decide', HttpMethod.POST, decided),
    ]
    const stage = new HttpStage(this, 'Stage', {
      httpApi: this.#api,
      stageName: '$default',
      autoDeploy: true,
      throttle: { rateLimit: 20, burstLimit: 40 },
      accessLogSettings: {
        destination: new LogGroupLogDestination(this.#log),
        // Without path and query: the path is the capability.
        format: AccessLogFormat.custom(
          JSON.stringify({
            requestId: '$context.requestId',
            routeKey: '$context.routeKey',
            status: '$context.status',
            latency: '$context.responseLatency',
          }),
        ),
      },
    })
    const resource = stage.node.defaultChild
    if (!(resource instanceof CfnStage)) throw new Error(`${stage.node.path} has no stage`)
    resource.addPropertyOverride(
      'RouteSettings',
      Object.fromEntries(Object.entries(throttles).map(([method, limits]) => [`${method} ${path}`, limits])),
    )
    // Settings for a route that is not there yet are refused.
    stage.node.addDependency(...routes)
  }

  #route(id: string, method: keyof typeof throttles, integration: HttpLambdaIntegration): HttpRoute {
    const route = new HttpRoute(this, id, {
      ...{ httpApi: this.#api, integration },
      routeKey: HttpRouteKey.with(path, method),
    })
    acknowledge(route, 'APIG4', noAuthorizer)
    return route
  }
}
