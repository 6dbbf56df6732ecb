import { randomUUID } from 'node:crypto'
import type { Credentials } from '../lambda/environment.ts'
import type { FunctionPool } from '../lambda/pool.ts'
import { assumedRoleArn } from '../permissions/principals.ts'
import type { Guard } from '../permissions/guard.ts'
import type { BusEvent } from '../services/events/bus.ts'
import type { Json } from '../states/json.ts'
import type { Clock, Ports } from '../states/ports.ts'
import { objectPorts } from './object-ports.ts'
import { statusChangeEvent } from './status-change-event.ts'

interface Surroundings {
  readonly endpoint: string
  readonly region: string
  readonly credentials: (roleArn: string) => Credentials
  readonly guard: Guard
  readonly functions: FunctionPool
  readonly clock: Clock
  readonly emit: (event: BusEvent) => Promise<void>
}

/** What the engine reaches the rest of the system through; everything under the permissions of the caller's role. */
export function enginePorts(surroundings: Surroundings): Ports {
  const { guard, functions, clock, emit } = surroundings
  const permit = (roleArn: string, action: string, resource: string, refusedAs: string) => {
    const principal = assumedRoleArn(roleArn, 'local')
    const refusal = guard.refusalOfAction(principal, { action, resourceArns: [resource], context: {} })
    if (refusal) throw named(refusedAs, refusal.message)
  }
  return {
    ...objectPorts(surroundings),
    clock,
    random: Math.random,
    newId: randomUUID,
    report: (problem) => console.error(problem),

    async invokeFunction({ functionArn, payload, callerRoleArn, signal }) {
      permit(callerRoleArn, 'lambda:InvokeFunction', functionArn, 'Lambda.AWSLambdaException')
      const result = await functions.invoke({ functionArn, payload, signal })
      return { payload: result.payload as Json, functionError: result.functionError }
    },

    callService({ service, action }) {
      const what = `${service}:${action}`
      return Promise.reject(
        named('States.Runtime', `the integration ${what} is not supported on one machine`),
      )
    },

    authorize: ({ roleArn, action, resource }) =>
      Promise.resolve().then(() => permit(roleArn, action, resource, 'StepFunctions.AccessDeniedException')),

    executionStatusChanged: (change) => emit(statusChangeEvent(change)),
  }
}

function named(name: string, message: string): Error {
  return Object.assign(new Error(message), { name })
}
