import type { Json, JsonObject } from './json.ts'

/** A history event before it has its number: the type, and its details under the name that the API gives them. */
export interface EventDraft {
  type: string
  details?: { [key: string]: JsonObject }
}

/** A history event as it is kept: the timestamp in epoch milliseconds. */
export interface HistoryEvent {
  id: number
  previousEventId: number
  timestamp: number
  type: string
  details?: { [key: string]: JsonObject }
}

const whole = { truncated: false }

/** `<Type>StateEntered`. */
export function entered(type: string, name: string, input: Json): EventDraft {
  const details = { name, input: JSON.stringify(input), inputDetails: whole }
  return { type: `${type}StateEntered`, details: { stateEnteredEventDetails: details } }
}

/** `<Type>StateExited`, with the variables that the state assigned. */
export function exited(type: string, name: string, output: Json, assigned: JsonObject): EventDraft {
  const details: JsonObject = { name, output: JSON.stringify(output), outputDetails: whole }
  if (Object.keys(assigned).length > 0) {
    const texts = Object.entries(assigned).map(([key, value]) => [key, JSON.stringify(value)] as const)
    details['assignedVariables'] = Object.fromEntries(texts)
    details['assignedVariablesDetails'] = whole
  }
  return { type: `${type}StateExited`, details: { stateExitedEventDetails: details } }
}

/** `ExecutionStarted`. */
export function started(input: Json, roleArn: string): EventDraft {
  return happened('ExecutionStarted', { input: JSON.stringify(input), inputDetails: whole, roleArn })
}

/** An event whose details are an error and its cause, as ExecutionFailed or TaskFailed. */
export function failed(
  type: string,
  error: string,
  cause: string | undefined,
  more: JsonObject = {},
): EventDraft {
  return {
    type,
    details: { [detailsName(type)]: { ...more, error, ...(cause === undefined ? {} : { cause }) } },
  }
}

/** An event with details of its own, named as the API names them. */
export function happened(type: string, details?: JsonObject): EventDraft {
  return details === undefined ? { type } : { type, details: { [detailsName(type)]: details } }
}

function detailsName(type: string): string {
  return `${type.charAt(0).toLowerCase()}${type.slice(1)}EventDetails`
}
