import { cp, mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect } from 'vitest'
import { z } from 'zod'
import { writeState } from '../../../local/cli/state-directory.ts'
import { runCommandOf, type RunningCommand } from '../command.ts'
import { placesBefore } from './places-before.ts'
import { crossingProject } from './project.ts'
import { writeCrossingSource } from './source.ts'

const result = z.object({ requests: z.int() })

/** The migration `crossing` in a project of its own, run by the command line. */
export class CrossingRuns {
  readonly directory: string
  readonly #sources: readonly string[]
  #command: RunningCommand | undefined

  private constructor(directory: string, sources: readonly string[]) {
    this.directory = directory
    this.#sources = sources
  }

  static async prepare(): Promise<CrossingRuns> {
    const directory = await mkdtemp(join(tmpdir(), 'lockgate-crossing-'))
    await crossingProject(join(directory, 'project'))
    return new CrossingRuns(directory, await writeCrossingSource(join(directory, 'source')))
  }

  get start(): readonly string[] {
    return ['start', 'crossing', ...this.#sources]
  }

  /** A state directory with records in the target. */
  async newState(name: string): Promise<string> {
    const state = join(this.directory, name)
    await writeState(state, { migration: 'crossing' })
    await placesBefore(state)
    return state
  }

  /** The same, with what was synthesised for another, and with its keys. */
  async stateLike(other: string, name: string): Promise<string> {
    const state = await this.newState(name)
    for (const part of ['cdk.out', 'cdk.out.sha256', 'kms'])
      await cp(join(other, part), join(state, part), { recursive: true })
    return state
  }

  /** Runs a command until it is killed, after so many requests served. */
  async killed(argv: readonly string[], state: string, requests: number): Promise<void> {
    this.#run(...argv, '--state', state, '--approve', '--kill-after', String(requests))
    await this.#gone()
  }

  /** Runs a command until it has said this, and kills it then. */
  async killedWhen(said: RegExp, argv: readonly string[], state: string): Promise<void> {
    const command = this.#run(...argv, '--state', state, '--approve')
    await command.said(said)
    command.kill()
    await this.#gone()
  }

  /** Runs a command until its run has succeeded. Answers how many requests were served. */
  async toTheEnd(argv: readonly string[], state: string): Promise<number> {
    const json = join(this.directory, 'result.json')
    const command = this.#run(...argv, '--state', state, '--approve', '--json', json)
    const { code, output } = await command.finished
    expect(output).toContain('The run has ended: succeeded.')
    expect(code).toBe(0)
    expect(command.isLeft()).toBe(false)
    return result.parse(JSON.parse(await readFile(json, 'utf8'))).requests
  }

  async remove(): Promise<void> {
    this.#command?.kill()
    await rm(this.directory, { recursive: true, force: true })
  }

  #run(...argv: string[]): RunningCommand {
    return (this.#command = runCommandOf(join(this.directory, 'project'), ...argv))
  }

  async #gone(): Promise<void> {
    const { code, output } = (await this.#command?.finished) ?? {}
    expect(code, output).toBeNull()
    while (this.#command?.isLeft()) await sleep(10)
  }
}
