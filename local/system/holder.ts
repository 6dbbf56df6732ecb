import { existsSync } from 'node:fs'
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { connect } from 'node:net'
import { join } from 'node:path'

const fileOf = (stateDirectory: string) => join(stateDirectory, 'pid')

export interface Running {
  readonly pid: number
  readonly endpoint: string
}

/** The process that runs the system on a state directory, where one does. */
export async function runningAt(stateDirectory: string): Promise<Running | undefined> {
  const [pid, port] = await Promise.all([
    numberIn(fileOf(stateDirectory)),
    numberIn(join(stateDirectory, 'port')),
  ])
  // A process id may be another program's by now, and so may the port; hardly both.
  if (pid === undefined || port === undefined || !isAlive(pid) || !(await listens(port))) return undefined
  return { pid, endpoint: `http://127.0.0.1:${port}` }
}

/** @throws Error that says what to do, when another process runs the system on this state directory. */
export async function requireIdle(stateDirectory: string): Promise<void> {
  const running = await runningAt(stateDirectory)
  if (running === undefined) return
  throw new Error(
    `process ${running.pid} runs on ${stateDirectory}, at ${running.endpoint}: stop it first, or give another directory with --state`,
  )
}

/** Says that this process runs on the state directory. Answers what takes that back. */
export async function holdState(stateDirectory: string): Promise<() => Promise<void>> {
  await mkdir(stateDirectory, { recursive: true })
  await writeFile(fileOf(stateDirectory), String(process.pid))
  return () => rm(fileOf(stateDirectory), { force: true })
}

async function numberIn(file: string): Promise<number | undefined> {
  return existsSync(file) ? Number(await readFile(file, 'utf8')) : undefined
}

function isAlive(pid: number): boolean {
  try {
    return pid !== process.pid && process.kill(pid, 0)
  } catch (error) {
    // Not ours to signal, but there.
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
}

function listens(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1')
    const answer = (is: boolean) => {
      socket.destroy()
      resolve(is)
    }
    socket.once('connect', () => answer(true)).once('error', () => answer(false))
  })
}
