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
  /** As Ctrl-C does. */
  interrupt(): void
  kill(): void
}

/** Runs `node local/main.ts …` as npm scripts do. */
export function runCommand(...argv: string[]): RunningCommand {
  const child = spawn(process.execPath, [join(root, 'local/main.ts'), ...argv], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
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
    child.on('close', (code) => done({ code, output }))
  })
  return {
    finished,
    interrupt: () => void child.kill('SIGINT'),
    kill: () => void child.kill('SIGKILL'),
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
