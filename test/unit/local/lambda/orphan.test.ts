import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'

it('leaves no function process behind when its own process is killed', async () => {
  const program = fileURLToPath(new URL('./orphan-main.ts', import.meta.url))
  const main = spawn(process.execPath, [program], { stdio: ['ignore', 'pipe', 'inherit'] })
  await once(main.stdout, 'data')
  const children = readFileSync(`/proc/${main.pid}/task/${main.pid}/children`, 'utf8').trim().split(' ')
  expect(children).toHaveLength(1)
  main.kill('SIGKILL')
  await expect.poll(() => children.filter((pid) => existsSync(`/proc/${pid}`)), { timeout: 5000 }).toEqual([])
})
