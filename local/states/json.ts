/** Any JSON value. */
export type Json = null | boolean | number | string | Json[] | { [key: string]: Json }

/** A JSON object. */
export type JsonObject = { [key: string]: Json }

/** Whether the value is a JSON object (neither null nor an array). */
export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** Parses JSON text; throws a SyntaxError when it is none. */
export function parseJson(text: string): Json {
  return JSON.parse(text) as Json
}

/** The size of a value as Step Functions counts it: bytes of its JSON text in UTF-8. */
export function byteSize(value: Json): number {
  return Buffer.byteLength(JSON.stringify(value))
}
