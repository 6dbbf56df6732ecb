import type { Integration, TaskState } from './definition.ts'
import { InvalidDefinition, UnsupportedFeature } from './errors.ts'
import type { Fields } from './fields.ts'
import { isObject } from './json.ts'
import { loadFailing } from './load-common.ts'

const dynamoActions = ['getItem', 'putItem', 'updateItem', 'deleteItem']

/** The arguments that the integration understands; undefined when they go to the service as they are. */
function knownArguments(integration: Integration): readonly string[] | undefined {
  if (integration.kind === 'lambda') return ['FunctionName', 'Payload', 'Qualifier']
  if (integration.kind === 'execution') return ['StateMachineArn', 'Input', 'Name']
  return undefined
}

/** Task: Resource, Arguments, TimeoutSeconds, HeartbeatSeconds. */
export function loadTask(name: string, fields: Fields): TaskState {
  const integration = loadIntegration(fields.requiredText('Resource'), fields.at('Resource'))
  const given = fields.template('Arguments')
  const known = knownArguments(integration)
  if (known !== undefined && isObject(given)) {
    const unknown = Object.keys(given).find((key) => !known.includes(key))
    if (unknown !== undefined) {
      throw new UnsupportedFeature(
        `${fields.at('Arguments')}.${unknown}`,
        `is not supported for ${integration.resource}`,
      )
    }
  }
  const seconds = { least: 1, most: 99_999_999 }
  const timeoutSeconds = fields.numberOrExpression('TimeoutSeconds', seconds)
  const heartbeatSeconds = loadHeartbeat(fields, integration)
  if (
    typeof timeoutSeconds === 'number' &&
    typeof heartbeatSeconds === 'number' &&
    heartbeatSeconds >= timeoutSeconds
  ) {
    throw new InvalidDefinition(fields.at('HeartbeatSeconds'), 'must be smaller than TimeoutSeconds')
  }
  const called = { integration, arguments: given, timeoutSeconds, heartbeatSeconds }
  return { type: 'Task', name, ...called, ...loadFailing(fields) }
}

// Only a callback task can send a heartbeat; elsewhere the field would do nothing.
function loadHeartbeat(fields: Fields, integration: Integration) {
  if (!(integration.kind === 'lambda' && integration.token) && fields.has('HeartbeatSeconds')) {
    throw new UnsupportedFeature(fields.at('HeartbeatSeconds'), 'is supported for .waitForTaskToken only')
  }
  return fields.numberOrExpression('HeartbeatSeconds', { least: 1, most: 99_999_999 })
}

function loadIntegration(arn: string, path: string): Integration {
  const [, service, ...rest] = /^arn:aws:states:::([^:]+):(.+)$/.exec(arn) ?? []
  const resource = rest[0] ?? ''
  if (service === 'lambda' && (resource === 'invoke' || resource === 'invoke.waitForTaskToken')) {
    return { kind: 'lambda', resource, token: resource !== 'invoke' }
  }
  if (service === 'states' && (resource === 'startExecution' || resource === 'startExecution.sync:2')) {
    return { kind: 'execution', resource, sync: resource !== 'startExecution' }
  }
  if (
    (service === 'sns' && resource === 'publish') ||
    (service === 'dynamodb' && dynamoActions.includes(resource))
  ) {
    return { kind: 'service', resource, service, action: resource, style: 'optimized' }
  }
  const [sdk, action, ...more] = resource.split(':')
  if (service === 'aws-sdk' && sdk && action && more.length === 0 && !action.includes('.')) {
    return { kind: 'service', resource: action, service: sdk, action, style: 'aws-sdk' }
  }
  throw new UnsupportedFeature(path, `'${arn}' is not supported`)
}
