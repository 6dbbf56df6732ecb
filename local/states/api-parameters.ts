import { ApiError } from './errors.ts'
import { parseJson, type Json, type JsonObject } from './json.ts'

/** A request that lacks a parameter, or has one of the wrong type or one that is not supported. */
export class MalformedRequest extends Error {
  override readonly name = 'MalformedRequest'
}

/** Reads the parameters of a request, and refuses those that nobody read. */
export class Parameters {
  readonly #given: JsonObject
  readonly #read = new Set<string>()

  constructor(given: JsonObject) {
    this.#given = given
  }

  text(name: string): string {
    const value = this.optionalText(name)
    if (value === undefined) throw new MalformedRequest(`'${name}' is required`)
    return value
  }

  optionalText(name: string): string | undefined {
    const value = this.#take(name)
    if (value !== undefined && typeof value !== 'string')
      throw new MalformedRequest(`'${name}' must be a string`)
    return value
  }

  optionalFlag(name: string): boolean | undefined {
    const value = this.#take(name)
    if (value !== undefined && typeof value !== 'boolean')
      throw new MalformedRequest(`'${name}' must be a boolean`)
    return value
  }

  oneOf<T extends string>(name: string, values: readonly T[]): T | undefined {
    const value = this.optionalText(name)
    if (value === undefined) return undefined
    const known = values.find((one) => one === value)
    if (known === undefined) throw new MalformedRequest(`'${name}' must be one of ${values.join(', ')}`)
    return known
  }

  /** A parameter that has no meaning on one machine. */
  ignore(name: string): void {
    this.#take(name)
  }

  done(): void {
    const left = Object.keys(this.#given).find((name) => !this.#read.has(name))
    if (left !== undefined) throw new MalformedRequest(`'${left}' is not supported`)
  }

  /** Takes maxResults and nextToken, and gives the page of the list with the token for the next one. */
  page<T>(list: readonly T[], otherwise = 100): { page: T[]; nextToken: string | undefined } {
    const wanted = this.#take('maxResults') ?? 0
    if (typeof wanted !== 'number' || !Number.isInteger(wanted) || wanted < 0 || wanted > 1000) {
      throw new MalformedRequest("'maxResults' must be a whole number from 0 to 1000")
    }
    const from = readPageToken(this.optionalText('nextToken'))
    const to = from + (wanted === 0 ? otherwise : wanted)
    return { page: list.slice(from, to), nextToken: to < list.length ? pageToken(to) : undefined }
  }

  #take(name: string): Json | undefined {
    this.#read.add(name)
    const value = Object.hasOwn(this.#given, name) ? this.#given[name] : undefined
    return value ?? undefined
  }
}

/** JSON text of a parameter. */
export function parseText(text: string, refusal: string): Json {
  try {
    return parseJson(text)
  } catch (error) {
    throw new ApiError(refusal, `Invalid JSON: ${error instanceof Error ? error.message : ''}`)
  }
}

function pageToken(from: number): string {
  return Buffer.from(JSON.stringify({ from })).toString('base64url')
}

function readPageToken(token: string | undefined): number {
  if (token === undefined) return 0
  const [, digits] = /^\{"from":(\d+)\}$/.exec(Buffer.from(token, 'base64url').toString()) ?? []
  if (digits === undefined) throw new ApiError('InvalidToken', `Invalid Token: '${token}'`)
  return Number(digits)
}
