import type { RuleModel } from '../../assembly/model.ts'
import { UnsupportedPattern } from './pattern.ts'

type Target = RuleModel['targets'][number]

/** What a target gets of an event: all of it, a constant, a part, or a template that is filled from it. */
export function inputOf(
  { name, arn }: Pick<RuleModel, 'name' | 'arn'>,
  target: Target,
  event: unknown,
): unknown {
  if (target.input !== undefined) return target.input
  if (target.inputPath !== undefined) return at(event, target.inputPath)
  if (target.inputTransformer === undefined) return event
  const { paths, template } = target.inputTransformer
  const values = new Map<string, unknown>(Object.entries(paths).map(([key, path]) => [key, at(event, path)]))
  values.set('aws.events.rule-name', name).set('aws.events.rule-arn', arn).set('aws.events.event.json', event)
  return filled(template, values)
}

/** `$.detail.status`: names only, which is all that EventBridge's own documentation uses. */
function at(event: unknown, path: string): unknown {
  if (!/^\$(?:\.[\w-]+)*$/.test(path)) throw new UnsupportedPattern(`The JSON path ${path} is not supported`)
  return path
    .split('.')
    .slice(1)
    .reduce((value: unknown, name) => (value as Record<string, unknown> | null | undefined)?.[name], event)
}

/** Inside a JSON string a value is inserted as text, outside as JSON. */
function filled(template: string, values: ReadonlyMap<string, unknown>): unknown {
  const text = template.replace(/"(?:[^"\\]|\\.)*"|<([\w.-]+)>/g, (token, outside?: string) => {
    if (outside !== undefined) return JSON.stringify(values.get(outside) ?? '')
    return token.replace(/<([\w.-]+)>/g, (whole, name: string) => {
      if (!values.has(name)) return whole
      const value = values.get(name) ?? ''
      return JSON.stringify(typeof value === 'string' ? value : JSON.stringify(value)).slice(1, -1)
    })
  })
  try {
    return JSON.parse(text)
  } catch (error) {
    if (error instanceof SyntaxError) return text
    throw error
  }
}
