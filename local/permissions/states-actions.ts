import { z } from 'zod'
import type { RequestedAction, RequestScope, ServiceRequest } from './request.ts'
import { bodyOf, targetOperation, UnsupportedOperation } from './request.ts'

const Body = z.looseObject({
  stateMachineArn: z.string().optional(),
  stateMachineVersionArn: z.string().optional(),
  executionArn: z.string().optional(),
  mapRunArn: z.string().optional(),
  taskToken: z.string().optional(),
})

type Body = z.infer<typeof Body>

/** The field that names the resource; in the order of preference where there are several. */
const fields: Readonly<Record<string, readonly (keyof Body)[]>> = {
  DeleteStateMachineVersion: ['stateMachineVersionArn'],
  DescribeExecution: ['executionArn'],
  DescribeMapRun: ['mapRunArn'],
  DescribeStateMachine: ['stateMachineArn'],
  DescribeStateMachineForExecution: ['executionArn'],
  GetExecutionHistory: ['executionArn'],
  ListExecutions: ['stateMachineArn', 'mapRunArn'],
  ListMapRuns: ['executionArn'],
  ListStateMachineVersions: ['stateMachineArn'],
  PublishStateMachineVersion: ['stateMachineArn'],
  RedriveExecution: ['executionArn'],
  SendTaskFailure: ['taskToken'],
  SendTaskHeartbeat: ['taskToken'],
  SendTaskSuccess: ['taskToken'],
  StartExecution: ['stateMachineArn'],
  StartSyncExecution: ['stateMachineArn'],
  StopExecution: ['executionArn'],
  UpdateMapRun: ['mapRunArn'],
}

export function statesActions(request: ServiceRequest, scope: RequestScope): readonly RequestedAction[] {
  const operation = targetOperation(request, 'AWSStepFunctions')
  const action = `states:${operation}`
  if (operation === 'ListStateMachines') return [{ action, resourceArns: ['*'], context: {} }]
  const body = bodyOf(request, Body)
  const field = fields[operation]?.find((name) => body[name] !== undefined)
  const value = field === undefined ? undefined : body[field]
  if (typeof value !== 'string') throw new UnsupportedOperation('states', operation)
  if (field === 'taskToken') {
    // The reference lists no resource for SendTask*, yet AWS refuses them "on resource: <state machine ARN>".
    return [{ action, resourceArns: [scope.stateMachineArnOf?.(value) ?? '*'], context: {} }]
  }
  return [{ action, ...unqualified(value) }]
}

/**
 * Use of a version or alias is authorized on the state machine's own ARN, with the qualifier as a condition key.
 * Source: Step Functions developer guide, "Authorization for versions and aliases".
 */
export function unqualified(arn: string): Omit<RequestedAction, 'action'> {
  const [, machine, qualifier] = /^(arn:aws:states:[^:]*:[^:]*:stateMachine:[^:]+):([^:]+)$/.exec(arn) ?? []
  if (machine === undefined || qualifier === undefined) return { resourceArns: [arn], context: {} }
  return { resourceArns: [machine], context: { 'states:StateMachineQualifier': qualifier } }
}
