import { existsSync } from 'node:fs'
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { connect } from 'node:net'
import { join } from 'node:path'

const fileOf = (stateDirectory: string) => join(stateDirectory, 'pid')

/** @throws Error that says what to do, when another process runs the system on this state directory. */
export async function requireIdle(stateDirectory: string): Promise<void> {
  const [pid, port] = await Promise.all([
    numberIn(fileOf(stateDirectory)),
    numberIn(join(stateDirectory, 'port')),
  ])
  // A process id may be another program's by now, and so may the port; hardly both.
  if (pid === undefined || port === undefined || !isAlive(pid) || !(await listens(port))) return
  throw new Error(
    `process ${pid} runs on ${stateDirectory}, at http://127.0.0.1:${port}: stop it first, or give another directory with --state`,
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
