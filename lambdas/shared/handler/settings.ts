import { z } from 'zod'
import { environment } from '../contract/environment.ts'
import { steps, type Step } from '../domain/checkpoint.ts'

/** One environment variable of the function. @throws Error when the template does not give it. */
export function setting(name: keyof typeof environment): string {
  const value = process.env[environment[name]]
  if (value === undefined || value === '') {
    throw new Error(
      `the function has no environment variable ${environment[name]}; its template must give it`,
    )
  }
  return value
}

const json = <T>(name: keyof typeof environment, schema: z.ZodType<T>): T =>
  schema.parse(JSON.parse(setting(name)))

const named = <T>(name: keyof typeof environment, of: string, values: Readonly<Record<string, T>>): T => {
  const value = values[of]
  if (value === undefined)
    throw new Error(`${environment[name]} does not have ${of}; add it to cdk.json and deploy`)
  return value
}

/** Bucket of the source with this name in `cdk.json`. */
export function sourceBucket(at: string): string {
  return named('sources', at, json('sources', z.record(z.string(), z.object({ bucket: z.string() })))).bucket
}

/** Table of the target with this name in `cdk.json`. */
export function targetTable(at: string): string {
  return named('targets', at, json('targets', z.record(z.string(), z.object({ table: z.string() })))).table
}

/** ARN of the Change Calendar with this name in `cdk.json`. */
export function calendarArn(at: string): string {
  return named('calendars', at, json('calendars', z.record(z.string(), z.object({ arn: z.string() })))).arn
}

/** Fingerprint of the definition that is bundled with this version of the function. */
export function deployedFingerprint(migration: string): string {
  return named('fingerprints', migration, json('fingerprints', z.record(z.string(), z.string())))
}

/** Names of the functions that work on batches. */
export function batchFunctions(): string[] {
  return json('batchFunctions', z.array(z.string()))
}

/** Memory of the functions that work on batches, in MiB. */
export function functionMemory(): Record<Step, number> {
  return json('functionMemory', z.record(z.enum(steps), z.int().positive()))
}

/** Addresses per role. */
export function approvers(): Record<string, string[]> {
  return json('approvers', z.record(z.string(), z.array(z.string())))
}
