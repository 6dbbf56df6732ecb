import { spawn } from 'node:child_process'
import { join, resolve } from 'node:path'

const root = resolve(import.meta.dirname, '../..')

export interface Finished {
  readonly code: number | null
  readonly output: string
}

export interface RunningCommand {
  /** First capture of a pattern in what the command prints, as soon as it is there. @throws when the command ends first. */
  said(pattern: RegExp): Promise<string>
  readonly finished: Promise<Finished>
  /** To the whole process group, as Ctrl-C in a terminal does. */
  interrupt(): void
  /** SIGKILL to the whole process group. */
  kill(): void
  /** Whether any process of the group is left. */
  isLeft(): boolean
}

/** Runs `node local/main.ts …` as npm scripts do, in a process group of its own. */
export const runCommand = (...argv: string[]): RunningCommand => runCommandOf(root, ...argv)

/** The same of a copy of the project. */
export function runCommandOf(project: string, ...argv: string[]): RunningCommand {
  const child = spawn(process.execPath, [join(project, 'local/main.ts'), ...argv], {
    cwd: project,
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  })
  const send = (signal: NodeJS.Signals | 0) => signalGroup(child.pid, signal)
  // The group is no longer the terminal's: without this, an interrupted test would leave it behind.
  const abandon = () => void send('SIGKILL')
  process.once('exit', abandon)

  let output = ''
  const listeners = new Set<() => void>()
  const hear = (part: Buffer) => {
    output += part.toString('utf8')
    for (const listener of listeners) listener()
  }
  child.stdout.on('data', hear)
  child.stderr.on('data', hear)
  const finished = new Promise<Finished>((done, fail) => {
    child.on('error', fail)
    child.on('close', (code) => {
      process.off('exit', abandon)
      done({ code, output })
    })
  })
  return {
    finished,
    interrupt: () => void send('SIGINT'),
    kill: () => void send('SIGKILL'),
    isLeft: () => send(0),
    said: (pattern) =>
      new Promise((done, fail) => {
        const look = () => {
          const found = pattern.exec(output)
          if (found === null) return
          listeners.delete(look)
          done(found[1] ?? found[0])
        }
        listeners.add(look)
        look()
        finished.then(
          () => fail(new Error(`the command ended and never said ${String(pattern)}:\n${output}`)),
          fail,
        )
      }),
  }
}

/** False when there is no process in the group. */
function signalGroup(leader: number | undefined, signal: NodeJS.Signals | 0): boolean {
  if (leader === undefined) return false
  try {
    return process.kill(-leader, signal)
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ESRCH') return false
    throw error
  }
}
