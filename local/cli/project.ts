import { join, resolve } from 'node:path'

/** The repository: what is synthesised, compiled and looked up is relative to it, wherever the command was typed. */
export const projectRoot = resolve(import.meta.dirname, '../..')

/** State directory of a migration where `--state` says nothing. */
export const defaultState = (migration: string): string => join(projectRoot, '.lockgate', migration)
