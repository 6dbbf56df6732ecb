import { constants, existsSync } from 'node:fs'
import { cp, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { z } from 'zod'
import { codeHash } from './code-hash.ts'
import { canonicalJson } from './json.ts'
import { hashOf } from './names.ts'

const FunctionVersion = z.strictObject({
  number: z.int().positive(),
  fingerprint: z.string(),
  runtime: z.string(),
  handler: z.string(),
  environment: z.record(z.string(), z.string()),
  timeoutSeconds: z.number(),
  memoryMiB: z.number(),
  roleArn: z.string(),
})
const StateMachineVersion = z.strictObject({
  number: z.int().positive(),
  fingerprint: z.string(),
  definition: z.string(),
  roleArn: z.string(),
})
const Versions = z.strictObject({
  functions: z.record(z.string(), z.array(FunctionVersion)),
  stateMachines: z.record(z.string(), z.array(StateMachineVersion)),
})

type FunctionVersion = z.infer<typeof FunctionVersion>
type StateMachineVersion = z.infer<typeof StateMachineVersion>
export type FunctionContent = Omit<FunctionVersion, 'number' | 'fingerprint'> & {
  readonly codeDirectory: string
}
export type StateMachineContent = Omit<StateMachineVersion, 'number' | 'fingerprint'>

/**
 * Numbers of published versions, as Lambda and Step Functions would hand them out: the same content has the
 * same number at every load, new content the next one. Nothing is on disk before `commit`, so that a template
 * which is refused publishes nothing.
 */
export class VersionStore {
  readonly #directory: string
  readonly #versions: z.infer<typeof Versions>
  /** Copies that are to be made: from -> to. */
  readonly #copies = new Map<string, string>()
  #changed = false

  private constructor(directory: string, versions: z.infer<typeof Versions>) {
    this.#directory = directory
    this.#versions = versions
  }

  static async open(stateDirectory: string): Promise<VersionStore> {
    const directory = resolve(stateDirectory)
    const file = join(directory, 'versions.json')
    const none = { functions: {}, stateMachines: {} }
    const versions = existsSync(file) ? Versions.parse(JSON.parse(await readFile(file, 'utf8'))) : none
    return new VersionStore(directory, versions)
  }

  publishFunction(name: string, { codeDirectory, ...content }: FunctionContent): number {
    const fingerprint = hashOf(canonicalJson({ ...content, code: codeHash(codeDirectory) }))
    const before = this.functionVersions(name).length
    const number = this.#publish((this.#versions.functions[name] ??= []), fingerprint, content)
    const copy = this.codeDirectory(name, number)
    // A directory under a new number is what a killed load left behind: not to be trusted.
    const isNew = this.functionVersions(name).length > before
    if (isNew || !existsSync(copy)) this.#copies.set(copy, codeDirectory)
    return number
  }

  publishStateMachine(name: string, content: StateMachineContent): number {
    const fingerprint = hashOf(canonicalJson(content))
    return this.#publish((this.#versions.stateMachines[name] ??= []), fingerprint, content)
  }

  /** Where the frozen code of a version lies. */
  codeDirectory(name: string, number: number): string {
    return join(this.#directory, 'versions', name, String(number))
  }

  functionVersions(name: string): readonly FunctionVersion[] {
    return this.#versions.functions[name] ?? []
  }

  stateMachineVersions(name: string): readonly StateMachineVersion[] {
    return this.#versions.stateMachines[name] ?? []
  }

  /** Code first, then the numbers: what `versions.json` names is there. A directory appears complete or not at all. */
  async commit(): Promise<void> {
    for (const [to, from] of this.#copies) {
      const partial = `${to}.partial`
      await rm(partial, { recursive: true, force: true })
      await mkdir(partial, { recursive: true })
      await cp(from, partial, { recursive: true, dereference: true, mode: constants.COPYFILE_FICLONE })
      await rm(to, { recursive: true, force: true })
      await rename(partial, to)
    }
    this.#copies.clear()
    if (!this.#changed) return
    const file = join(this.#directory, 'versions.json')
    await mkdir(this.#directory, { recursive: true })
    await writeFile(`${file}.partial`, `${JSON.stringify(this.#versions, null, 2)}\n`)
    await rename(`${file}.partial`, file)
    this.#changed = false
  }

  #publish<C>(
    versions: (C & { number: number; fingerprint: string })[],
    fingerprint: string,
    content: C,
  ): number {
    const known = versions.find((version) => version.fingerprint === fingerprint)
    if (known !== undefined) return known.number
    const number = (versions.at(-1)?.number ?? 0) + 1
    versions.push({ ...content, number, fingerprint })
    this.#changed = true
    return number
  }
}
