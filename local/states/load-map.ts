import type { Distribution, ItemBatcher, ItemReader, MapState, StateList, Template } from './definition.ts'
import { InvalidDefinition, UnsupportedFeature } from './errors.ts'
import type { Fields } from './fields.ts'
import { isObject, type Json } from './json.ts'
import { loadFailing } from './load-common.ts'

const distributedOnly = [
  'ItemReader',
  'ItemBatcher',
  'ResultWriter',
  'Label',
  'ToleratedFailureCount',
  'ToleratedFailurePercentage',
]

/** Map: inline or distributed, as the processor's configuration says. */
export function loadMap(
  name: string,
  fields: Fields,
  loadStateList: (fields: Fields) => StateList,
): MapState {
  const processor = fields.object('ItemProcessor')
  if (processor === undefined) throw new InvalidDefinition(fields.at('ItemProcessor'), 'is required')
  processor.text('Comment')
  const executionType = loadExecutionType(processor.object('ProcessorConfig'))
  const list = loadStateList(processor)
  processor.done('an ItemProcessor')
  if (executionType === undefined) refuseDistributedFields(fields)
  if (fields.has('Items') && fields.has('ItemReader')) {
    throw new InvalidDefinition(fields.path, 'must not have both Items and ItemReader')
  }
  if (executionType === 'EXPRESS') refuseLongTasks(list, processor.at('States'))
  return {
    type: 'Map',
    name,
    processor: list,
    items: fields.template('Items'),
    itemSelector: fields.template('ItemSelector'),
    maxConcurrency: fields.numberOrExpression('MaxConcurrency', { least: 0, most: 100_000_000 }) ?? 0,
    distributed: executionType === undefined ? undefined : loadDistribution(name, fields, executionType),
    ...loadFailing(fields),
  }
}

function loadExecutionType(config: Fields | undefined): 'STANDARD' | 'EXPRESS' | undefined {
  const mode = config?.choice('Mode', ['INLINE', 'DISTRIBUTED']) ?? 'INLINE'
  if (config === undefined || mode === 'INLINE') {
    config?.done('a ProcessorConfig of an inline Map')
    return undefined
  }
  const type = config.choice('ExecutionType', ['STANDARD', 'EXPRESS'])
  if (type === undefined) throw new InvalidDefinition(config.at('ExecutionType'), 'is required')
  config.done('a ProcessorConfig')
  return type
}

function refuseDistributedFields(fields: Fields): void {
  const field = distributedOnly.find((one) => fields.has(one))
  if (field !== undefined)
    throw new UnsupportedFeature(fields.at(field), 'is supported in distributed Maps only')
}

// Express executions have no callback and no .sync (developer guide, 'Choosing workflow type').
function refuseLongTasks(list: StateList, path: string): void {
  for (const state of list.states.values()) {
    const at = `${path}.${state.name}`
    if (state.type === 'Task') {
      const { integration } = state
      const long =
        (integration.kind === 'lambda' && integration.token) ||
        (integration.kind === 'execution' && integration.sync)
      if (long)
        throw new InvalidDefinition(
          `${at}.Resource`,
          `${integration.resource} cannot be in an Express execution`,
        )
    }
    if (state.type === 'Map' && state.distributed !== undefined) {
      throw new InvalidDefinition(at, 'a distributed Map cannot be in an Express execution')
    }
    if (state.type === 'Map') refuseLongTasks(state.processor, `${at}.ItemProcessor.States`)
    if (state.type === 'Parallel') {
      state.branches.forEach((branch, index) => refuseLongTasks(branch, `${at}.Branches[${index}].States`))
    }
  }
}

function loadDistribution(name: string, fields: Fields, executionType: 'STANDARD' | 'EXPRESS'): Distribution {
  const label = fields.text('Label')
  if (
    label !== undefined &&
    (label.length === 0 || label.length > 40 || /[\s?*<>{}[\]:;,\\|^~$#%&`"]/.test(label))
  ) {
    throw new InvalidDefinition(
      fields.at('Label'),
      'must have 1 to 40 characters, without white space or wildcards',
    )
  }
  return {
    executionType,
    // AWS makes up a label of its own when there is none; the state's name is easier to find again.
    label: label ?? name.replaceAll(/[^\w-]/g, '').slice(0, 40),
    reader: loadReader(fields.object('ItemReader')),
    batcher: loadBatcher(fields.object('ItemBatcher')),
    writer: loadWriter(fields.object('ResultWriter')),
    toleratedCount: fields.numberOrExpression('ToleratedFailureCount', { least: 0, most: 10_000_000 }),
    toleratedPercentage: fields.numberOrExpression('ToleratedFailurePercentage', {
      least: 0,
      most: 100,
      fraction: true,
    }),
  }
}

function loadReader(fields: Fields | undefined): ItemReader | undefined {
  if (fields === undefined) return undefined
  fields.choice('Resource', ['arn:aws:states:::s3:getObject'])
  const config = fields.object('ReaderConfig')
  const inputType = config?.choice('InputType', ['JSON', 'JSONL'])
  if (config === undefined || inputType === undefined || !fields.has('Resource')) {
    throw new InvalidDefinition(fields.path, 'must have Resource and ReaderConfig.InputType')
  }
  const maxItems = config.numberOrExpression('MaxItems', { least: 1, most: 100_000_000 })
  config.done('a ReaderConfig')
  const reader = { arguments: loadPlace(fields, ['Bucket', 'Key']), inputType, maxItems }
  fields.done('an ItemReader')
  return reader
}

function loadBatcher(fields: Fields | undefined): ItemBatcher | undefined {
  if (fields === undefined) return undefined
  const batcher = {
    maxItems: fields.numberOrExpression('MaxItemsPerBatch', { least: 1, most: 100_000_000 }),
    maxBytes: fields.numberOrExpression('MaxInputBytesPerBatch', { least: 1, most: 262_144 }),
    batchInput: fields.template('BatchInput'),
  }
  fields.done('an ItemBatcher')
  if (batcher.maxItems === undefined && batcher.maxBytes === undefined) {
    throw new InvalidDefinition(fields.path, 'must have MaxItemsPerBatch or MaxInputBytesPerBatch')
  }
  return batcher
}

function loadWriter(fields: Fields | undefined): Template | undefined {
  if (fields === undefined) return undefined
  if (fields.has('WriterConfig')) throw new UnsupportedFeature(fields.at('WriterConfig'), 'is not supported')
  const resource = fields.choice('Resource', ['arn:aws:states:::s3:putObject'])
  const place = loadPlace(fields, ['Bucket', 'Prefix'])
  fields.done('a ResultWriter')
  if (resource === undefined) throw new InvalidDefinition(fields.at('Resource'), 'is required')
  return place
}

// One expression for the whole could bring in fields that nobody checks.
function loadPlace(fields: Fields, names: readonly string[]): Json {
  const given = fields.template('Arguments')
  if (!isObject(given)) throw new InvalidDefinition(fields.at('Arguments'), 'must be an object')
  const unknown = Object.keys(given).find((key) => !names.includes(key))
  if (unknown !== undefined)
    throw new UnsupportedFeature(`${fields.at('Arguments')}.${unknown}`, 'is not supported')
  const missing = names.find((key) => key !== 'Prefix' && !(key in given))
  if (missing !== undefined)
    throw new InvalidDefinition(`${fields.at('Arguments')}.${missing}`, 'is required')
  return given
}
