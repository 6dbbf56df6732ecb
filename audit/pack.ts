import { mkdir, readdir, writeFile } from 'node:fs/promises'
import { existsSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { sha256 } from '../lambdas/shared/domain/digest.ts'

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

  async write(path: string, content: Uint8Array | string): Promise<void> {
    const file = join(this.folder, path)
    await mkdir(dirname(file), { recursive: true })
    await writeFile(file, content)
    this.#sums.set(path, sha256(content))
  }

  /** As `sha256sum --check` reads it. */
  async finish(): Promise<void> {
    const lines = [...this.#sums].sort().map(([path, sum]) => `${sum}  ${path}\n`)
    await writeFile(join(this.folder, 'SHA256SUMS'), lines.join(''))
  }
}
