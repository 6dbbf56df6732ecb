import { InvalidDefinition, UnsupportedFeature } from './errors.ts'
import { checkTemplate, isExpression } from './expressions.ts'
import { isObject, type Json, type JsonObject } from './json.ts'
import type { NumberTemplate, Template } from './definition.ts'

/** Reads the fields of one object of a definition, and refuses by name whatever was not read. */
export class Fields {
  readonly path: string
  readonly #values: JsonObject
  readonly #read = new Set<string>()

  constructor(value: Json | undefined, path: string) {
    if (!isObject(value)) throw new InvalidDefinition(path, 'must be an object')
    this.path = path
    this.#values = value
  }

  at(name: string): string {
    return this.path === '' ? name : `${this.path}.${name}`
  }

  has(name: string): boolean {
    return Object.hasOwn(this.#values, name)
  }

  names(): string[] {
    return Object.keys(this.#values)
  }

  /** The raw value; reading it counts as supporting it. */
  take(name: string): Json | undefined {
    this.#read.add(name)
    return Object.hasOwn(this.#values, name) ? this.#values[name] : undefined
  }

  object(name: string): Fields | undefined {
    const value = this.take(name)
    return value === undefined ? undefined : new Fields(value, this.at(name))
  }

  list(name: string): Fields[] {
    const value = this.take(name)
    if (value === undefined) return []
    if (!Array.isArray(value)) throw new InvalidDefinition(this.at(name), 'must be an array')
    return value.map((entry, index) => new Fields(entry, `${this.at(name)}[${index}]`))
  }

  text(name: string): string | undefined {
    const value = this.take(name)
    if (value !== undefined && typeof value !== 'string') {
      throw new InvalidDefinition(this.at(name), 'must be a string')
    }
    return value
  }

  requiredText(name: string): string {
    const value = this.text(name)
    if (value === undefined) throw new InvalidDefinition(this.at(name), 'is required')
    return value
  }

  /** One of the values that are implemented; another is unsupported. */
  choice<T extends string>(name: string, implemented: readonly T[]): T | undefined {
    const value = this.text(name)
    if (value === undefined) return undefined
    const known = implemented.find((one) => one === value)
    if (known === undefined) {
      throw new UnsupportedFeature(
        this.at(name),
        `'${value}' is not supported, only ${implemented.join(', ')}`,
      )
    }
    return known
  }

  number(name: string, range: NumberRange): number | undefined {
    const value = this.take(name)
    if (value === undefined) return undefined
    return numberWithin(value, range, this.at(name))
  }

  /** A number within the range, or an expression. */
  numberOrExpression(name: string, range: NumberRange): NumberTemplate | undefined {
    const value = this.take(name)
    if (typeof value === 'string' && isExpression(value, this.at(name))) {
      checkTemplate(value, this.at(name))
      return value
    }
    return value === undefined ? undefined : numberWithin(value, range, this.at(name))
  }

  template(name: string): Template | undefined {
    const value = this.take(name)
    if (value !== undefined) checkTemplate(value, this.at(name))
    return value
  }

  objectTemplate(name: string): JsonObject | undefined {
    const value = this.template(name)
    if (value !== undefined && !isObject(value))
      throw new InvalidDefinition(this.at(name), 'must be an object')
    return value
  }

  /** Refuses the first field that nobody asked for. */
  done(what: string): void {
    const left = this.names().find((name) => !this.#read.has(name))
    if (left !== undefined) throw new UnsupportedFeature(this.at(left), `is not supported in ${what}`)
  }
}

/** Inclusive bounds; `whole` numbers unless said otherwise. */
export interface NumberRange {
  least: number
  most: number
  fraction?: boolean
}

function numberWithin(value: Json, range: NumberRange, path: string): number {
  const right =
    typeof value === 'number' &&
    value >= range.least &&
    value <= range.most &&
    (range.fraction === true || Number.isInteger(value))
  if (!right) throw new InvalidDefinition(path, `must be a number from ${range.least} to ${range.most}`)
  return value
}
