import { isDeepStrictEqual } from 'node:util'
import { isList, isObject } from './json.ts'
import type { Json } from './json.ts'
import { resolve } from './resolve.ts'
import type { Lookups } from './resolve.ts'
import { UnsupportedTemplate } from './unsupported-template.ts'
import type { Place } from './unsupported-template.ts'

/** Evaluates an entry of the `Conditions` section. */
export function evaluateCondition(condition: Json, place: Place, lookups: Lookups): boolean {
  const refuse = (): never => {
    throw new UnsupportedTemplate(place, `the condition ${JSON.stringify(condition)} is not supported`)
  }
  if (!isObject(condition) || Object.keys(condition).length !== 1) return refuse()
  const [name, argument] = Object.entries(condition)[0] ?? refuse()
  if (name === 'Condition' && typeof argument === 'string') return lookups.condition(argument, place)
  if (!isList(argument)) return refuse()
  const each = (item: Json): boolean => evaluateCondition(item, place, lookups)
  switch (name) {
    case 'Fn::And':
      return argument.map(each).every(Boolean)
    case 'Fn::Or':
      return argument.map(each).some(Boolean)
    case 'Fn::Not':
      return argument.length === 1 ? !argument.some(each) : refuse()
    case 'Fn::Equals': {
      if (argument.length !== 2) return refuse()
      const [left, right] = argument.map((item) => resolve(item, place, lookups))
      return isDeepStrictEqual(left, right)
    }
    default:
      return refuse()
  }
}
