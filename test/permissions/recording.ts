import { cp, mkdir, readdir, symlink } from 'node:fs/promises'
import { join } from 'node:path'
import { localSystem } from '../../local/cli/local-system.ts'
import type { GuardDecision } from '../../local/permissions/guard.ts'
import { startSystem, type System } from '../../local/system.ts'
import { Operator } from '../support/operator.ts'
import { acts, type Memory } from './course.ts'

/** The state of everything before each act, so that a try can begin where its action is first used. */
export interface Recording {
  readonly assembly: System['assembly']
  readonly exports: string
  /** By act. */
  readonly stages: readonly { readonly memory: Memory; readonly decisions: readonly GuardDecision[] }[]
  snapshotOf(act: number): string
}

/** Plays the whole course undisturbed. Between two acts the system is stopped, and its state copied. */
export async function record(
  directory: string,
  assemblyDirectory: string,
  exports: string,
  say: (text: string) => void,
): Promise<Recording> {
  const stateDirectory = join(directory, 'state')
  const snapshotOf = (act: number) => join(directory, `before-${act}`)
  // Makes tables, buckets and versions.
  const first = await startSystem({ stateDirectory, assemblyDirectory, port: 0 })
  await first.close()

  const stages: { memory: Memory; decisions: GuardDecision[] }[] = []
  let memory: Memory = { run: '', stage: '' }
  for (const [at, act] of acts(exports).entries()) {
    await copyState(stateDirectory, snapshotOf(at))
    const decisions: GuardDecision[] = []
    stages.push({ memory: { ...memory }, decisions })
    const began = performance.now()
    const system = await startSystem({
      stateDirectory,
      assemblyDirectory,
      port: 0,
      onDecision: (decision) => decisions.push(decision),
    })
    const operator = new Operator(localSystem(system))
    try {
      memory = await act.play(operator, memory)
    } finally {
      operator.leave()
      await system.close()
    }
    const seconds = (performance.now() - began) / 1000
    say(`  ${at + 1}. ${act.name} (${seconds.toFixed(1)} s, ${decisions.length} decisions)`)
  }
  return { assembly: first.assembly, exports, stages, snapshotOf }
}

/** The code of functions is shared: it never changes. */
export async function copyState(from: string, to: string): Promise<void> {
  await mkdir(to, { recursive: true })
  for (const entry of await readdir(from)) {
    if (entry === 'versions') await symlink(join(from, entry), join(to, entry))
    else await cp(join(from, entry), join(to, entry), { recursive: true })
  }
}
