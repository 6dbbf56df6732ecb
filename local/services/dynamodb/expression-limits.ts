const maxBytes = 4096
const maxOperators = 300
const fields = [
  'ConditionExpression',
  'UpdateExpression',
  'FilterExpression',
  'KeyConditionExpression',
  'ProjectionExpression',
]

/**
 * Why DynamoDB would refuse an expression for its size, or undefined: dynalite takes any. In an UpdateExpression
 * the `=` of SET is not an operator (developer guide, "Service quotas": `SET a = :v1 + :v2 + :v3` has two).
 */
export function expressionRefusal(input: Readonly<Record<string, unknown>>): string | undefined {
  for (const field of fields) {
    const expression = input[field]
    if (typeof expression !== 'string') continue
    const bytes = Buffer.byteLength(expression)
    if (bytes > maxBytes) {
      return `Invalid ${field}: Expression size has exceeded the maximum allowed size; expression size: ${bytes}`
    }
    const count = operatorsIn(expression, field === 'UpdateExpression')
    if (count > maxOperators) {
      return `Invalid ${field}: The expression contains too many operators; operator count: ${count}`
    }
  }
  return undefined
}

function operatorsIn(expression: string, isUpdate: boolean): number {
  const operator = isUpdate ? /[-+]|\w+\s*\(/g : /<>|<=|>=|[<>=]|\b(?:AND|OR|NOT|BETWEEN|IN)\b|\w+\s*\(/gi
  return expression.match(operator)?.length ?? 0
}
