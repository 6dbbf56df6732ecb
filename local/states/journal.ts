import {
  closeSync,
  existsSync,
  ftruncateSync,
  openSync,
  readFileSync,
  renameSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import { parseJson, type Json } from './json.ts'

/**
 * An append-only file of JSON lines. A line is with the operating system before `append` returns, so it outlives the
 * process (not the machine's power). A line torn by a kill is cut off when the journal is opened again.
 */
export class Journal {
  readonly path: string
  #file: number | undefined

  constructor(path: string) {
    this.path = path
  }

  append(line: object): void {
    this.#file ??= openSync(this.path, 'a')
    const bytes = Buffer.from(`${JSON.stringify(line)}\n`)
    for (let written = 0; written < bytes.length;) written += writeSync(this.#file, bytes, written)
  }

  /** All whole lines; a torn last one is removed from the file. */
  read(): Json[] {
    if (!existsSync(this.path)) return []
    const bytes = readFileSync(this.path)
    const end = bytes.lastIndexOf(0x0a) + 1
    if (end < bytes.length) this.#cut(end)
    return bytes.toString('utf8', 0, end).split('\n').slice(0, -1).map(parseJson)
  }

  /** Replaces the content at once. */
  rewrite(lines: object[]): void {
    this.close()
    const next = `${this.path}.next`
    writeFileSync(next, lines.map((line) => `${JSON.stringify(line)}\n`).join(''))
    renameSync(next, this.path)
  }

  close(): void {
    if (this.#file !== undefined) closeSync(this.#file)
    this.#file = undefined
  }

  #cut(length: number): void {
    const file = openSync(this.path, 'r+')
    ftruncateSync(file, length)
    closeSync(file)
  }
}
