import jsonata from 'jsonata'
import { InvalidDefinition, UnsupportedFeature } from './errors.ts'
import { isObject, type Json } from './json.ts'

const compiled = new Map<string, jsonata.Expression>()

// Step Functions documents no numbers for these. They keep an expression that never ends from taking the process along.
const guards = { timeout: 10_000, stack: 500 }

/**
 * Whether the string is a JSONata expression: `{%` and `%}` enclose it, with nothing before or after
 * (States Language, 'JSONata Concepts'). An expression that is only opened or only closed is refused, as AWS does.
 */
export function isExpression(text: string, path = ''): boolean {
  const opened = text.startsWith('{%')
  const closed = text.endsWith('%}')
  if (opened !== closed) throw new InvalidDefinition(path, `'${text}' is improperly opened or closed`)
  return opened && text.length >= 4
}

/** The expression of the string, compiled once. Throws an Error of jsonata when it is not well formed. */
export function compile(text: string): jsonata.Expression {
  const source = text.slice(2, -2).trim()
  const known = compiled.get(source)
  if (known !== undefined) return known
  const expression = jsonata(source, guards)
  compiled.set(source, expression)
  return expression
}

/** Checks all expressions within the value; the path names the first that is wrong. */
export function checkTemplate(value: Json, path: string): void {
  if (Array.isArray(value)) value.forEach((entry, index) => checkTemplate(entry, `${path}[${index}]`))
  else if (isObject(value)) {
    for (const [key, entry] of Object.entries(value)) checkTemplate(entry, `${path}.${key}`)
  } else if (typeof value === 'string' && isExpression(value, path)) checkExpression(value, path)
}

function checkExpression(text: string, path: string): void {
  let tree: unknown
  try {
    tree = compile(text).ast()
  } catch (error) {
    throw new InvalidDefinition(path, `${text}: ${error instanceof Error ? error.message : String(error)}`)
  }
  checkNode(tree, path)
}

// Step Functions has JSONata 2.0.6: without $eval, and without the operators that came with 2.1.
function checkNode(node: unknown, path: string): void {
  if (Array.isArray(node)) {
    for (const one of node) checkNode(one, path)
    return
  }
  if (typeof node !== 'object' || node === null) return
  const { type, value, condition, then } = node as Record<string, unknown>
  if (type === 'variable' && value === 'eval')
    throw new UnsupportedFeature(path, '$eval is not in Step Functions')
  if (type === 'condition') checkCondition(condition, then, path)
  for (const child of Object.values(node)) checkNode(child, path)
}

// The parser turns `a ?: b` and `a ?? b` into a condition that holds `a` twice, with one and the same position.
function checkCondition(condition: unknown, then: unknown, path: string): void {
  const chosen = JSON.stringify(then)
  if (JSON.stringify(condition) === chosen) {
    throw new UnsupportedFeature(path, 'the operator ?: came with JSONata 2.1, Step Functions has 2.0.6')
  }
  const asked = (condition as { procedure?: { value?: unknown }; arguments?: unknown[] } | undefined) ?? {}
  if (asked.procedure?.value === 'exists' && JSON.stringify(asked.arguments?.[0]) === chosen) {
    throw new UnsupportedFeature(path, 'the operator ?? came with JSONata 2.1, Step Functions has 2.0.6')
  }
}
