import type { Template } from './definition.ts'
import { StateFailure } from './errors.ts'
import { compile, isExpression } from './expressions.ts'
import { happened } from './history.ts'
import { isObject, parseJson, type Json, type JsonObject } from './json.ts'
import { stepFunctionsFunctions } from './jsonata-functions.ts'
import type { Clock } from './ports.ts'

/** What an expression can see: the reserved variable `$states`, and the workflow variables in scope. */
export interface Scope {
  state: string
  states: { input: Json; result?: Json; errorOutput?: Json; context: JsonObject }
  variables: JsonObject
}

/** Evaluates JSONata as Step Functions does (developer guide, 'Transforming data with JSONata'). */
export class Evaluator {
  readonly #functions: Record<string, unknown>

  constructor(sources: { clock: Clock; random: () => number; newId: () => string }) {
    this.#functions = stepFunctionsFunctions(sources)
  }

  /** Evaluates all expressions within the value. `field` is how the failure names the place, as `Arguments/Payload`. */
  async evaluate(template: Template, field: string, scope: Scope): Promise<Json> {
    if (typeof template === 'string') {
      return isExpression(template) ? this.#expression(template, field, scope) : template
    }
    if (Array.isArray(template)) {
      const values: Json[] = []
      for (const [index, entry] of template.entries()) {
        values.push(await this.evaluate(entry, `${field}[${index}]`, scope))
      }
      return values
    }
    if (!isObject(template)) return template
    const values: JsonObject = {}
    for (const [key, entry] of Object.entries(template)) {
      values[key] = await this.evaluate(entry, `${field}/${key}`, scope)
    }
    return values
  }

  async #expression(text: string, field: string, scope: Scope): Promise<Json> {
    const bindings = { ...this.#functions, ...scope.variables, states: scope.states }
    let value: unknown
    try {
      value = await compile(text).evaluate(undefined, bindings)
    } catch (error) {
      throw evaluationFailure(
        scope,
        field,
        `The JSONata expression ${about(text, field)} threw an error during evaluation. ${told(error)}`,
      )
    }
    const json = value === undefined ? undefined : toJson(value)
    if (json === undefined) {
      throw evaluationFailure(
        scope,
        field,
        `The JSONata expression ${about(text, field)} returned nothing (undefined).`,
      )
    }
    return json
  }
}

/** States.QueryEvaluationError, with the event that the history shows for it. */
function evaluationFailure(scope: { state: string }, field: string, cause: string): StateFailure {
  const error = 'States.QueryEvaluationError'
  const details = { error, cause, location: field, state: scope.state }
  return new StateFailure(error, cause, [happened('EvaluationFailed', details)])
}

/** Fails because an expression yielded a value of another type than the field takes. */
export function wrongType(
  scope: { state: string },
  field: string,
  template: Json,
  expected: string,
): StateFailure {
  const cause = `The JSONata expression ${about(typeof template === 'string' ? template : JSON.stringify(template), field)} returned an unexpected result type. Expected '${expected}'.`
  return evaluationFailure(scope, field, cause)
}

function about(text: string, field: string): string {
  const source = text.startsWith('{%') ? text.slice(2, -2).trim() : text
  return `'${source}' specified for the field '${field}'`
}

function told(error: unknown): string {
  if (typeof error !== 'object' || error === null) return String(error)
  const { code, message } = error as { code?: unknown; message?: unknown }
  return [code, message].filter((part) => typeof part === 'string').join(': ')
}

// A function within the value has no JSON; jsonata's arrays carry marks that must not travel on.
function toJson(value: unknown): Json | undefined {
  if (typeof value === 'function' || (isObject(value) && '_jsonata_function' in value)) return undefined
  const text = JSON.stringify(value) as string | undefined
  return text === undefined ? undefined : parseJson(text)
}
