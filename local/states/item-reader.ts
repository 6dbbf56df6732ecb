import type { Distribution, MapState } from './definition.ts'
import { StateFailure } from './errors.ts'
import { isObject, parseJson, byteSize, type Json } from './json.ts'
import { holdPayloadLimit } from './limits.ts'
import type { MapItem } from './map-run.ts'
import { itemsOf, selected } from './map-inline.ts'
import type { FlowScope } from './scope.ts'

/** The inputs of a distributed Map's children: read, taken through ItemSelector, and batched. */
export async function* mapItems(
  scope: FlowScope,
  state: MapState,
  distributed: Distribution,
): AsyncIterable<MapItem> {
  const values = selectedItems(scope, state, distributed)
  const items = distributed.batcher === undefined ? values : batches(scope, distributed, values)
  for await (const item of items) {
    holdPayloadLimit(item.input, state.name)
    yield item
  }
}

async function* selectedItems(
  scope: FlowScope,
  state: MapState,
  { reader }: Distribution,
): AsyncIterable<MapItem> {
  const values = reader === undefined ? await itemsOf(scope, state) : readItems(scope, reader)
  let index = 0
  for await (const value of values) {
    yield { input: await selected(scope, state, index, value), items: 1 }
    index += 1
  }
}

async function* readItems(
  scope: FlowScope,
  reader: NonNullable<Distribution['reader']>,
): AsyncIterable<Json> {
  const place = await scope.evaluate(reader.arguments, 'ItemReader/Arguments')
  const { Bucket: bucket, Key: key } = isObject(place) ? place : {}
  if (typeof bucket !== 'string' || typeof key !== 'string') {
    throw new StateFailure('States.ItemReaderFailed', 'Bucket and Key must be strings')
  }
  const max =
    reader.maxItems === undefined
      ? Infinity
      : await scope.number(reader.maxItems, 'ItemReader/ReaderConfig/MaxItems', 1, 100_000_000)
  const callerRoleArn = scope.execution.facts.roleArn
  let left = max
  try {
    const bytes = scope.runtime.ports.readObject({ bucket, key, callerRoleArn })
    for await (const value of reader.inputType === 'JSONL' ? jsonLines(bytes) : jsonArray(bytes)) {
      if (left-- <= 0) return
      yield value
    }
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    throw new StateFailure('States.ItemReaderFailed', `Unable to read s3://${bucket}/${key}: ${why}`)
  }
}

async function* jsonLines(chunks: AsyncIterable<Uint8Array>): AsyncIterable<Json> {
  const decoder = new TextDecoder()
  let rest = ''
  for await (const chunk of chunks) {
    const lines = (rest + decoder.decode(chunk, { stream: true })).split('\n')
    rest = lines.pop() ?? ''
    for (const line of lines) if (line.trim() !== '') yield parseJson(line)
  }
  rest += decoder.decode()
  if (rest.trim() !== '') yield parseJson(rest)
}

async function* jsonArray(chunks: AsyncIterable<Uint8Array>): AsyncIterable<Json> {
  const parts: Uint8Array[] = []
  for await (const chunk of chunks) parts.push(chunk)
  const value = parseJson(Buffer.concat(parts).toString())
  if (!Array.isArray(value)) throw new TypeError('the file does not hold a JSON array')
  yield* value
}

/** ItemBatcher: `{BatchInput?, Items}`; a batch is closed by its count of items or by its bytes. */
async function* batches(
  scope: FlowScope,
  { batcher }: Distribution,
  values: AsyncIterable<MapItem>,
): AsyncIterable<MapItem> {
  if (batcher === undefined) return
  const whole = (template: number | string | undefined, field: string, most: number) =>
    template === undefined ? most : scope.number(template, `ItemBatcher/${field}`, 1, most)
  const maxItems = await whole(batcher.maxItems, 'MaxItemsPerBatch', 100_000_000)
  const maxBytes = await whole(batcher.maxBytes, 'MaxInputBytesPerBatch', 262_144)
  const common =
    batcher.batchInput === undefined
      ? {}
      : { BatchInput: await scope.evaluate(batcher.batchInput, 'ItemBatcher/BatchInput') }
  const least = byteSize({ ...common, Items: [] })
  let items: Json[] = []
  let bytes = least
  for await (const { input } of values) {
    const more = byteSize(input) + (items.length > 0 ? 1 : 0)
    if (items.length > 0 && (items.length >= maxItems || bytes + more > maxBytes)) {
      yield { input: { ...common, Items: items }, items: items.length }
      items = []
      bytes = least
    }
    items.push(input)
    bytes += more
  }
  if (items.length > 0) yield { input: { ...common, Items: items }, items: items.length }
}
