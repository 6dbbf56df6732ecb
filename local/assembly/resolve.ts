import { isList, isObject } from './json.ts'
import type { Json, JsonObject } from './json.ts'
import { below, UnsupportedTemplate } from './unsupported-template.ts'
import type { Place } from './unsupported-template.ts'

/** What an intrinsic function may ask of the stacks around it. `undefined` stands for `AWS::NoValue`. */
export interface Lookups {
  ref(name: string, place: Place): Json | undefined
  attribute(logicalId: string, attribute: string, place: Place): Json
  importValue(exportName: string, place: Place): Json
  /** Without a region, the one of the asking stack is meant. */
  stackOutput(from: { stack: string; output: string; region: string | undefined }, place: Place): Json
  mapping(map: string, first: string, second: string, place: Place): Json
  condition(name: string, place: Place): boolean
  /** Whether what stands at this place has no meaning on one machine; it is then left out unresolved. */
  skipped(place: Place): boolean
  /** Last word on a text that was put together, e.g. to replace the host name of an HTTP API. */
  text(text: string): string
}

/** Resolves the intrinsic functions in a piece of a template; refuses those that it does not know. */
export function resolve(value: Json, place: Place, lookups: Lookups): Json | undefined {
  if (isList(value)) {
    const items = value.map((item, index) => resolve(item, below(place, index), lookups))
    return items.filter((item) => item !== undefined)
  }
  if (!isObject(value)) return value
  const keys = Object.keys(value)
  const name = keys.find((key) => key.startsWith('Fn::')) ?? (keys.length === 1 ? keys[0] : undefined)
  if (name === 'Ref' || name?.startsWith('Fn::') === true) {
    if (keys.length > 1) throw new UnsupportedTemplate(place, `${name} beside ${keys.length - 1} other keys`)
    return new Intrinsics(place, lookups).apply(name, value[name] ?? null)
  }
  const entries: [string, Json][] = []
  for (const [key, item] of Object.entries(value)) {
    const where = below(place, key)
    if (lookups.skipped(where)) continue
    const resolved = resolve(item, where, lookups)
    if (resolved !== undefined) entries.push([key, resolved])
  }
  return Object.fromEntries(entries)
}

class Intrinsics {
  readonly #place: Place
  readonly #lookups: Lookups

  constructor(place: Place, lookups: Lookups) {
    this.#place = place
    this.#lookups = lookups
  }

  apply(name: string, argument: Json): Json | undefined {
    switch (name) {
      case 'Ref':
        return this.#lookups.ref(this.#literal(argument), this.#place)
      case 'Fn::GetAtt':
        return this.#getAtt(argument)
      case 'Fn::Join': {
        const [separator, parts] = this.#list(argument, 2)
        return this.#lookups.text(this.#list(parts).map(this.#text).join(this.#text(separator)))
      }
      case 'Fn::Sub':
        return this.#sub(argument)
      case 'Fn::Select': {
        const [index, items] = this.#list(argument, 2)
        const chosen = this.#list(items)[Number(index)]
        return chosen ?? this.#refuse(`Fn::Select has no item ${JSON.stringify(index)}`)
      }
      case 'Fn::Split': {
        const [separator, text] = this.#list(argument, 2)
        return this.#text(text).split(this.#text(separator))
      }
      case 'Fn::If': {
        if (!isList(argument) || argument.length !== 3) return this.#refuse('Fn::If takes three arguments')
        const [condition, yes, no] = argument
        const chosen = this.#lookups.condition(this.#literal(condition), this.#place) ? yes : no
        return resolve(chosen ?? null, this.#place, this.#lookups)
      }
      case 'Fn::ImportValue':
        return this.#lookups.importValue(this.#text(this.#resolved(argument)), this.#place)
      case 'Fn::GetStackOutput':
        return this.#stackOutput(argument)
      case 'Fn::FindInMap': {
        const [map, first, second] = this.#list(argument, 3).map(this.#text)
        return this.#lookups.mapping(map ?? '', first ?? '', second ?? '', this.#place)
      }
      case 'Fn::Base64':
        return Buffer.from(this.#text(this.#resolved(argument)), 'utf8').toString('base64')
      default:
        return this.#refuse(`the intrinsic function ${name} is not supported`)
    }
  }

  #getAtt(argument: Json): Json {
    // YAML's short form is one text; the attribute itself may hold dots.
    const parts = typeof argument === 'string' ? argument.split(/\.(.*)/s, 2) : this.#list(argument, 2)
    return this.#lookups.attribute(this.#literal(parts[0]), this.#text(parts[1]), this.#place)
  }

  #sub(argument: Json): string {
    const [template, given] = isList(argument) ? argument : [argument, {}]
    const variables = isObject(given) ? given : this.#refuse('Fn::Sub: its variables are no object')
    const text = this.#literal(template).replaceAll(/\$\{([^}]*)\}/g, (_all, name: string) => {
      if (name.startsWith('!')) return `\${${name.slice(1)}}`
      const variable = variables[name]
      if (variable !== undefined) return this.#text(this.#resolved(variable))
      return this.#text(name.includes('.') ? this.#getAtt(name) : this.#lookups.ref(name, this.#place))
    })
    return this.#lookups.text(text)
  }

  #stackOutput(argument: Json): Json {
    const given = this.#resolved(argument)
    const {
      StackName: stack,
      OutputName: output,
      Region: region,
      ...rest
    }: JsonObject = isObject(given) ? given : {}
    const other = Object.keys(rest)[0]
    if (other !== undefined) return this.#refuse(`Fn::GetStackOutput with ${other} is not supported`)
    const from = {
      stack: this.#text(stack),
      output: this.#text(output),
      region: region === undefined ? undefined : this.#text(region),
    }
    return this.#lookups.stackOutput(from, this.#place)
  }

  #resolved(value: Json | undefined): Json | undefined {
    return value === undefined ? undefined : resolve(value, this.#place, this.#lookups)
  }

  #list(value: Json | undefined, length?: number): readonly Json[] {
    const list = this.#resolved(value)
    if (isList(list) && (length === undefined || list.length === length)) return list
    return this.#refuse(
      `expected a list${length === undefined ? '' : ` of ${length}`}, got ${JSON.stringify(value)}`,
    )
  }

  #literal(value: Json | undefined): string {
    return typeof value === 'string' ? value : this.#refuse(`expected a text, got ${JSON.stringify(value)}`)
  }

  readonly #text = (value: Json | undefined): string =>
    typeof value === 'number' || typeof value === 'boolean' ? String(value) : this.#literal(value)

  #refuse(reason: string): never {
    throw new UnsupportedTemplate(this.#place, reason)
  }
}
