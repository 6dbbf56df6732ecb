import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer, type AddressInfo, type Server } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { holdState, requireIdle } from '../../../../local/system/holder.ts'

let state: string
let server: Server
let port: number

beforeEach(async () => {
  state = await mkdtemp(join(tmpdir(), 'lockgate-holder-'))
  server = createServer()
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  port = (server.address() as AddressInfo).port
  await writeFile(join(state, 'port'), String(port))
})
afterEach(async () => {
  server.close()
  await rm(state, { recursive: true })
})

test('a directory on which another process runs is refused, with what to do', async () => {
  await writeFile(join(state, 'pid'), String(process.ppid))
  await expect(requireIdle(state)).rejects.toThrow(
    `process ${process.ppid} runs on ${state}, at http://127.0.0.1:${port}: stop it first`,
  )
})

test('one whose process is gone, or whose port nobody has, is free', async () => {
  await writeFile(join(state, 'pid'), String(2 ** 22 + 1))
  await requireIdle(state)
  await writeFile(join(state, 'pid'), String(process.ppid))
  await new Promise((done) => server.close(done))
  await requireIdle(state)
})

test('so is one of which nobody took hold, or of which the hold was taken back', async () => {
  await requireIdle(state)
  const release = await holdState(state)
  await requireIdle(state)
  await release()
  await requireIdle(state)
})
