import { createServer } from 'node:net'
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { writeWhole } from '../services/durable-file.ts'

/** The port of a state directory: the one asked for, else the one it had before, else any that is free. */
export async function settledPort(stateDirectory: string, wished: number): Promise<number> {
  const file = join(stateDirectory, 'port')
  const before = existsSync(file) ? Number(await readFile(file, 'utf8')) : 0
  const port = await freePort(wished || before)
  // Whole or not at all: another port would make other function versions of the same code.
  if (port !== before) writeWhole(file, String(port))
  return port
}

/** @throws Error that says what to do, when somebody else has the port. */
async function freePort(wished: number): Promise<number> {
  const server = createServer()
  server.listen(wished, '127.0.0.1')
  try {
    await once(server, 'listening')
  } catch (cause) {
    throw new Error(`port ${wished} is in use: end what listens there, or give another with --port`, {
      cause,
    })
  }
  const address = server.address()
  server.close()
  await once(server, 'close')
  if (address === null || typeof address === 'string') throw new Error('the server has no port')
  return address.port
}
