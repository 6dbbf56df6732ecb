import { readFileSync, statSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { InvalidArgumentError, type Command } from 'commander'
import { z } from 'zod'
import { calendarState } from '../services/ssm/calendar-state.ts'
import { readCalendar } from '../services/ssm/read-calendar.ts'
import { UnsupportedCalendar } from '../services/ssm/unsupported-calendar.ts'
import { requireGroupLeader } from './kill-after.ts'

/** Options that all commands with a run have. */
export const runOptions = z.object({
  state: z.string().optional(),
  approve: z.boolean().default(false),
  json: z.string().optional(),
  port: z.int().min(0).max(65_535).default(0),
  killAfter: z.int().positive().optional(),
  faults: z.number().min(0).max(1).optional(),
  seed: z.int().optional(),
  calendar: z.string().optional(),
  unconfirmed: z.array(z.string()).default([]),
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
    .option(
      '--kill-after <requests>',
      'end everything at once (SIGKILL) when so many requests of the run have been served, to try resume; needs a process group of its own (setsid --wait node_modules/.bin/node local/main.ts …)',
      parseRequests,
    )
    .option(
      '--faults <share>',
      'let this share of all calls that functions and state machines make to S3 and DynamoDB fail, between 0 and 1',
      parseShare,
    )
    .option('--seed <integer>', 'which faults they are (default: any, and printed)', parseSeed)
    .hook('preAction', (_, action) => {
      const { faults, seed } = action.opts<Pick<RunOptions, 'faults' | 'seed'>>()
      if (seed !== undefined && faults === undefined)
        action.error('error: --seed says which faults there are, and needs --faults <share>')
    })
    .option(
      '--calendar <file.ics>',
      'iCalendar file that stands for the Change Calendar of the migration; read anew at each look at it',
      parseCalendar,
    )
    .option(
      '--unconfirmed <address>',
      'an e-mail subscription that waits for its link on the mailbox page to be opened (repeat for each)',
      (address: string, before: string[] = []) => [...before, address],
    )
}

function parsePort(text: string): number {
  const port = Number(text)
  if (/^\d{1,5}$/.test(text) && port <= 65_535) return port
  throw new InvalidArgumentError('It is a number between 0 and 65535.')
}

function parseRequests(text: string): number {
  if (!/^[1-9]\d{0,8}$/.test(text)) throw new InvalidArgumentError('It is a number of requests, at least 1.')
  requireGroupLeader()
  return Number(text)
}

function parseShare(text: string): number {
  const share = Number(text)
  if (/^\d*\.?\d+$/.test(text) && share <= 1) return share
  throw new InvalidArgumentError('It is a number between 0 and 1, such as 0.1.')
}

function parseSeed(text: string): number {
  if (/^-?\d{1,15}$/.test(text)) return Number(text)
  throw new InvalidArgumentError('It is an integer of at most 15 digits.')
}

/** Read here already, so that a mistake in it does not come up in the middle of a run. */
function parseCalendar(text: string): string {
  const path = resolve(text)
  if (statSync(path, { throwIfNoEntry: false })?.isFile() !== true)
    throw new InvalidArgumentError(`There is no file ${path}.`)
  try {
    calendarState(readCalendar(readFileSync(path, 'utf8')), Date.now())
  } catch (error) {
    if (error instanceof UnsupportedCalendar) throw new InvalidArgumentError(error.message)
    throw error
  }
  return path
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
Exit codes: 0 the run succeeded; 1 it did not (failed, held, repair, rollback, stopped); 2 the command line is wrong.`
