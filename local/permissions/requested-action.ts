import { dynamodbActions } from './dynamodb-actions.ts'
import { kmsActions } from './kms-actions.ts'
import { lambdaActions } from './lambda-actions.ts'
import type { RequestedAction, RequestScope, Service, ServiceRequest } from './request.ts'
import { s3Actions } from './s3-actions.ts'
import { snsActions } from './sns-actions.ts'
import { ssmActions } from './ssm-actions.ts'
import { statesActions } from './states-actions.ts'

const services: Readonly<
  Record<Service, (request: ServiceRequest, scope: RequestScope) => readonly RequestedAction[]>
> = {
  dynamodb: dynamodbActions,
  s3: s3Actions,
  sns: snsActions,
  states: statesActions,
  kms: kmsActions,
  lambda: lambdaActions,
  ssm: ssmActions,
}

/**
 * The permissions that a request needs; the caller must hold all of them. Actions and resources are those of
 * the Service Authorization Reference.
 * @throws UnsupportedOperation for an operation that is not known here
 */
export const requestedAction = (request: ServiceRequest, scope: RequestScope): readonly RequestedAction[] =>
  services[request.service](request, scope)
