import { readFileSync } from 'node:fs'
import { basename } from 'node:path'

/** A state machine's definition, with the placeholders that its deployment has to fill. */
export interface Definition {
  /** `migrate` for `statemachines/migrate.asl.json`. */
  readonly name: string
  /** The definition without insignificant space: formatting a file must not publish a version. */
  readonly text: string
  /** Folders of the functions that it calls. */
  readonly functions: readonly string[]
  /** Names of all its placeholders. */
  readonly placeholders: readonly string[]
}

/**
 * Reads a definition and finds the functions that it names.
 * @throws Error when it names a function that has no folder with a handler.
 */
export function readDefinition(file: string, functions: readonly string[]): Definition {
  const text = JSON.stringify(JSON.parse(readFileSync(file, 'utf8')))
  const placeholders = [...new Set([...text.matchAll(/\$\{([^}]+)\}/g)].map(([, name = '']) => name))].sort()
  const byPlaceholder = new Map(functions.map((name) => [functionPlaceholder(name), name]))
  const called = placeholders
    .filter((name) => name.endsWith('Function'))
    .map((name) => {
      const folder = byPlaceholder.get(name)
      if (folder !== undefined) return folder
      throw new Error(`${file} names \${${name}}, and there is no lambdas/${folderOf(name)}/handler.ts`)
    })
  return { name: basename(file, '.asl.json'), text, functions: called, placeholders }
}

/** `open-run` is `${OpenRunFunction}` in a definition: its published version. */
export function functionPlaceholder(folder: string): string {
  return `${pascalCase(folder)}Function`
}

/** `open-run` is `OpenRun` in the ids of constructs. */
export function pascalCase(name: string): string {
  return name.replaceAll(/(?:^|-)(.)/g, (_all, letter: string) => letter.toUpperCase())
}

function folderOf(placeholder: string): string {
  const name = placeholder.slice(0, -'Function'.length)
  return name.replaceAll(/(?<!^)[A-Z]/g, '-$&').toLowerCase()
}
