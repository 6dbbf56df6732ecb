import type { Template } from './definition.ts'
import { StateFailure } from './errors.ts'
import type { Execution } from './execution.ts'
import { isObject, type Json, type JsonObject } from './json.ts'
import type { MapRun } from './map-run.ts'
import type { FlowScope } from './scope.ts'

/**
 * The result of a Map without ResultWriter: the children's outputs in the order of the items; of a tolerated failure
 * the whole description (developer guide, 'ResultWriter', COMPACT).
 */
export function collectResults(run: MapRun): Json[] {
  return run.children.map((child) => {
    if (child === undefined) return null
    return child.facts.status === 'SUCCEEDED' ? child.facts.output : described(run, child)
  })
}

/** ResultWriter: one file for each outcome, and a manifest; the result says where the manifest lies. */
export async function writeResults(scope: FlowScope, writer: Template, run: MapRun): Promise<Json> {
  const place = await scope.evaluate(writer, 'ResultWriter/Arguments')
  const { Bucket: bucket, Prefix: prefix = '' } = isObject(place) ? place : {}
  if (typeof bucket !== 'string' || typeof prefix !== 'string') {
    throw new StateFailure('States.ResultWriterFailed', 'Bucket and Prefix must be strings')
  }
  const folder = [prefix.replace(/\/$/, ''), run.facts.arn.split(':').at(-1)]
    .filter((part) => part !== '')
    .join('/')
  const callerRoleArn = scope.execution.facts.roleArn
  const put = async (name: string, content: Json) => {
    const [key, body] = [`${folder}/${name}`, JSON.stringify(content)]
    await scope.runtime.ports.writeObject({
      bucket,
      key,
      body,
      contentType: 'application/json',
      callerRoleArn,
    })
    return { Key: key, Size: Buffer.byteLength(body) }
  }
  try {
    const files: JsonObject = { FAILED: [], PENDING: [], SUCCEEDED: [] }
    for (const [outcome, list] of Object.entries(byOutcome(run))) {
      if (list.length > 0) files[outcome] = [await put(`${outcome}_0.json`, list)]
    }
    const manifest = { DestinationBucket: bucket, MapRunArn: run.facts.arn, ResultFiles: files }
    const { Key } = await put('manifest.json', manifest)
    return { MapRunArn: run.facts.arn, ResultWriterDetails: { Bucket: bucket, Key } }
  } catch (error) {
    if (scope.signal.aborted) throw error
    throw new StateFailure(
      'States.ResultWriterFailed',
      error instanceof Error ? error.message : String(error),
    )
  }
}

function byOutcome(run: MapRun): Record<'FAILED' | 'PENDING' | 'SUCCEEDED', Json[]> {
  const files: Record<'FAILED' | 'PENDING' | 'SUCCEEDED', Json[]> = { FAILED: [], PENDING: [], SUCCEEDED: [] }
  for (let index = 0; index < run.facts.children; index += 1) {
    const child = run.children[index]
    if (child === undefined) files.PENDING.push({ Input: JSON.stringify(run.item(index).input) })
    else files[child.facts.status === 'SUCCEEDED' ? 'SUCCEEDED' : 'FAILED'].push(described(run, child))
  }
  return files
}

function described(run: MapRun, { facts }: Execution): JsonObject {
  const iso = (time: number) => new Date(time).toISOString()
  const { prefix, machine } = ownerOf(run.facts.arn)
  return {
    ExecutionArn: facts.arn,
    Input: JSON.stringify(facts.input),
    InputDetails: { Included: true },
    Name: facts.name,
    ...(facts.status === 'SUCCEEDED' ? { Output: JSON.stringify(facts.output) } : {}),
    OutputDetails: { Included: true },
    ...(facts.error === null ? {} : { Error: facts.error }),
    ...(facts.cause === null ? {} : { Cause: facts.cause }),
    RedriveCount: facts.redriveCount,
    StartDate: iso(facts.startDate),
    StateMachineArn: `${prefix}:stateMachine:${machine}`,
    Status: facts.status,
    ...(facts.stopDate === null ? {} : { StopDate: iso(facts.stopDate) }),
  }
}

function ownerOf(mapRunArn: string): { prefix: string; machine: string } {
  const parts = mapRunArn.split(':')
  return { prefix: parts.slice(0, 5).join(':'), machine: parts[6] ?? '' }
}
