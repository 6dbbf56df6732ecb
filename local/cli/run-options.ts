import { statSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { InvalidArgumentError, type Command } from 'commander'
import { z } from 'zod'

/** Options that all commands with a run have. */
export const runOptions = z.object({
  state: z.string().optional(),
  approve: z.boolean().default(false),
  json: z.string().optional(),
  port: z.int().min(0).max(65_535).default(0),
})
export type RunOptions = z.infer<typeof runOptions>

export function addRunOptions(command: Command): Command {
  return command
    .option(
      '--approve',
      "answer each gate through the approval page's own form, as long as the stage has passed",
    )
    .option(
      '--state <dir>',
      'directory of everything that outlives the command (default: .lockgate/<migration>)',
    )
    .option('--port <number>', 'port of the AWS endpoint on 127.0.0.1 (default: any free one)', parsePort)
    .option(
      '--json <file>',
      'write the result to this file, also when the run did not succeed',
      parseResultFile,
    )
}

function parsePort(text: string): number {
  const port = Number(text)
  if (/^\d{1,5}$/.test(text) && port <= 65_535) return port
  throw new InvalidArgumentError('It is a number between 0 and 65535.')
}

/** Looked at before anything is started: at the end of a run it would be too late. */
function parseResultFile(text: string): string {
  const folder = dirname(resolve(text))
  if (statSync(text, { throwIfNoEntry: false })?.isDirectory())
    throw new InvalidArgumentError('It is a folder.')
  if (statSync(folder, { throwIfNoEntry: false })?.isDirectory()) return text
  throw new InvalidArgumentError(`There is no folder ${folder}.`)
}

export const exitCodes = `
Exit codes: 0 the run succeeded; 1 it did not (failed, held, rejected, stopped); 2 the command line is wrong.`
