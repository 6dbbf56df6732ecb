import { mkdir, readdir, writeFile } from 'node:fs/promises'
import { existsSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { sha256 } from '../lambdas/shared/domain/digest.ts'

/** As Lockgate names things; file systems take 255 bytes. */
const plainName = /^[A-Za-z0-9_-][A-Za-z0-9._-]{0,199}$/

/** A file is in the way of a folder, or the other way round: keys of objects may be both. */
const taken: readonly unknown[] = ['EEXIST', 'ENOTDIR', 'EISDIR']
const isTaken = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && taken.includes(error.code)

/** A folder that is filled file by file; nothing of it stays in memory but the sums. */
export class Pack {
  readonly folder: string
  readonly #sums = new Map<string, string>()

  private constructor(folder: string) {
    this.folder = folder
  }

  /** @throws Error when there is something in the folder: a pack is never mixed with another. */
  static async begin(to: string): Promise<Pack> {
    const folder = resolve(to)
    if (existsSync(folder) && (await readdir(folder)).length > 0) {
      throw new Error(`${folder} is not empty; give another folder with --to`)
    }
    await mkdir(folder, { recursive: true })
    return new Pack(folder)
  }

  /**
   * Answers where it is: others may have chosen the name, so what would leave the folder, or is no name of a file, lies
   * under the SHA-256 of it.
   */
  async write(path: string, content: Uint8Array | string): Promise<string> {
    const other = `others/${sha256(path)}`
    if (!path.split('/').every((name) => plainName.test(name))) return this.#put(other, content)
    try {
      return await this.#put(path, content)
    } catch (error) {
      if (isTaken(error)) return this.#put(other, content)
      throw error
    }
  }

  async #put(path: string, content: Uint8Array | string): Promise<string> {
    const file = join(this.folder, path)
    await mkdir(dirname(file), { recursive: true })
    await writeFile(file, content)
    this.#sums.set(path, sha256(content))
    return path
  }

  /** As `sha256sum --check` reads it. */
  async finish(): Promise<void> {
    const lines = [...this.#sums].sort().map(([path, sum]) => `${sum}  ${path}\n`)
    await writeFile(join(this.folder, 'SHA256SUMS'), lines.join(''))
  }
}
