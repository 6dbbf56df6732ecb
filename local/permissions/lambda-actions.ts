import type { RequestedAction, RequestScope, ServiceRequest } from './request.ts'
import { UnsupportedOperation } from './request.ts'

export function lambdaActions(request: ServiceRequest, scope: RequestScope): readonly RequestedAction[] {
  const operation = `${request.method} ${request.path}`
  if (operation === 'GET /2016-08-19/account-settings') {
    return [{ action: 'lambda:GetAccountSettings', resourceArns: ['*'], context: {} }]
  }
  const [, limited] = /^GET \/2019-09-30\/functions\/([^/]+)\/concurrency$/.exec(operation) ?? []
  if (limited !== undefined) {
    const resourceArns = [functionArn(decodeURIComponent(limited), scope)]
    return [{ action: 'lambda:GetFunctionConcurrency', resourceArns, context: {} }]
  }
  const [, encoded] = /^POST \/2015-03-31\/functions\/([^/]+)\/invocations$/.exec(operation) ?? []
  if (encoded === undefined) throw new UnsupportedOperation('lambda', operation)
  const arn = functionArn(decodeURIComponent(encoded), scope)
  const qualifier = request.query.get('Qualifier')
  // An ARN may hold the qualifier as well; Lambda insists that both then say the same.
  const isQualified = arn.split(':').length > 7
  const resource = qualifier === null || isQualified ? arn : `${arn}:${qualifier}`
  return [{ action: 'lambda:InvokeFunction', resourceArns: [resource], context: {} }]
}

/** A function is named by name, `name:qualifier`, partial ARN (`account:function:name`) or ARN. */
function functionArn(reference: string, { account, region }: RequestScope): string {
  if (reference.startsWith('arn:')) return reference
  const name = reference.replace(/^\d+:function:/, '')
  return `arn:aws:lambda:${region}:${account}:function:${name}`
}
