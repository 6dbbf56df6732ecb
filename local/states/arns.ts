import { ApiError } from './errors.ts'

/** The parts of an ARN of Step Functions: `arn:aws:states:<region>:<account>:<kind>:<rest>`. */
export interface StatesArn {
  prefix: string
  region: string
  kind: string
  rest: string[]
}

/** Takes an ARN apart; throws InvalidArn when it is none of Step Functions. */
export function parseArn(arn: string): StatesArn {
  const [scheme, partition, service, region, account, kind, ...rest] = arn.split(':')
  if (scheme !== 'arn' || !partition || service !== 'states' || !region || !account || !kind || !rest[0]) {
    throw new ApiError('InvalidArn', `Invalid Arn: '${arn}'`)
  }
  return { prefix: `arn:${partition}:states:${region}:${account}`, region, kind, rest }
}

/** The ARN of an execution of the state machine. */
export function executionArn(machineArn: string, name: string): string {
  const { prefix, rest } = parseArn(machineArn)
  return `${prefix}:execution:${rest[0]}:${name}`
}

/** The ARN of a Map Run of the state machine. */
export function mapRunArn(machineArn: string, label: string, id: string): string {
  const { prefix, rest } = parseArn(machineArn)
  return `${prefix}:mapRun:${machineOf(rest[0])}/${label}:${id}`
}

/** The ARN of a child execution of a Map Run. */
export function childArn(runArn: string, type: 'STANDARD' | 'EXPRESS', id: string): string {
  const { prefix, rest } = parseArn(runArn)
  const owner = rest[0] ?? ''
  return type === 'STANDARD'
    ? `${prefix}:execution:${owner}:${id}`
    : `${prefix}:express:${owner}:${rest[1]}:${id}`
}

/** The state machine without its version: `…:stateMachine:name`. */
export function unqualified(machineArn: string): string {
  const { prefix, kind, rest } = parseArn(machineArn)
  return `${prefix}:${kind}:${rest[0]}`
}

// A Map in a child of another Map keeps the name of the machine and only its own label.
function machineOf(owner: string | undefined): string {
  return (owner ?? '').split('/')[0] ?? ''
}
