import type { Definition, State, StateList } from './definition.ts'
import { InvalidDefinition } from './errors.ts'
import { Fields } from './fields.ts'
import { parseJson, type Json } from './json.ts'
import { loadMap } from './load-map.ts'
import { loadChoice, loadFail, loadParallel, loadPass, loadSucceed, loadWait } from './load-states.ts'
import { loadTask } from './load-task.ts'
import { UnsupportedFeature } from './errors.ts'
import { checkVariableNames } from './variables.ts'

const known = new Map<string, Definition>()

/**
 * Reads a state machine's definition (Amazon States Language, JSONata). Throws `UnsupportedFeature` for whatever the
 * interpreter does not implement and `InvalidDefinition` for what Step Functions refuses too; both name the path.
 */
export function loadDefinition(text: string): Definition {
  const loaded = known.get(text)
  if (loaded !== undefined) return loaded
  const fields = new Fields(parse(text), '')
  if (fields.choice('QueryLanguage', ['JSONata']) === undefined) {
    throw new UnsupportedFeature('QueryLanguage', 'the default, JSONPath, is not supported, only JSONata')
  }
  fields.choice('Version', ['1.0'])
  const comment = fields.text('Comment')
  const timeoutSeconds = fields.number('TimeoutSeconds', { least: 1, most: 99_999_999 })
  const definition = { ...loadStateList(fields), comment, timeoutSeconds, text }
  fields.done('a state machine')
  checkVariableNames(definition)
  known.set(text, definition)
  return definition
}

function parse(text: string): Json {
  try {
    return parseJson(text)
  } catch (error) {
    throw new InvalidDefinition('definition', `is not JSON: ${error instanceof Error ? error.message : ''}`)
  }
}

/** Reads StartAt and States of a machine, branch or processor. The caller asks `fields.done`. */
function loadStateList(fields: Fields): StateList {
  const startAt = fields.requiredText('StartAt')
  const list = fields.object('States')
  if (list === undefined || list.names().length === 0)
    throw new InvalidDefinition(fields.at('States'), 'is required')
  const states = new Map<string, State>()
  for (const name of list.names()) {
    if (name.length > 80) throw new InvalidDefinition(list.at(name), 'has more than 80 characters')
    states.set(name, loadState(name, new Fields(list.take(name), list.at(name))))
  }
  if (!states.has(startAt))
    throw new InvalidDefinition(fields.at('StartAt'), `there is no state '${startAt}'`)
  for (const state of states.values()) {
    for (const next of targets(state)) {
      if (!states.has(next)) throw new InvalidDefinition(list.at(state.name), `there is no state '${next}'`)
    }
  }
  return { startAt, states }
}

function loadState(name: string, fields: Fields): State {
  fields.choice('QueryLanguage', ['JSONata'])
  fields.text('Comment')
  const type = fields.choice('Type', ['Task', 'Choice', 'Wait', 'Pass', 'Parallel', 'Map', 'Succeed', 'Fail'])
  if (type === undefined) throw new InvalidDefinition(fields.at('Type'), 'is required')
  const state = loaders[type](name, fields)
  fields.done(`a ${type} state`)
  return state
}

const loaders: Record<State['type'], (name: string, fields: Fields) => State> = {
  Task: loadTask,
  Choice: loadChoice,
  Wait: loadWait,
  Pass: loadPass,
  Parallel: (name, fields) => loadParallel(name, fields, loadStateList),
  Map: (name, fields) => loadMap(name, fields, loadStateList),
  Succeed: loadSucceed,
  Fail: loadFail,
}

/** All states that the state can go to. */
function targets(state: State): string[] {
  const all: (string | undefined)[] = []
  if (state.type === 'Choice') all.push(state.default, ...state.choices.map((rule) => rule.next))
  if ('next' in state) all.push(state.next)
  if ('catch' in state) all.push(...state.catch.map((catcher) => catcher.next))
  return all.filter((next) => next !== undefined)
}
