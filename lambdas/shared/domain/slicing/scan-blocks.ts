import { BlockRuns } from './block-runs.ts'
import { carriageReturn, type RecordMachine } from './record-machine.ts'
import type { RangeScan } from './range-scan.ts'

export interface ScanOptions {
  readonly machine: RecordMachine
  readonly start: number
  /** Where the range ends; `undefined`: where the bytes do. */
  readonly end: number | undefined
  readonly blockBytes: number
  /** Where the object's records begin: after a BOM and a header row. */
  readonly bodyByte: number
}

/**
 * Scans a range that begins at `start`, without knowing the state of the machine there. The chunks should go
 * one byte beyond `end` where the object does: it tells a blank CR LF line from a record that opens with a CR.
 */
export async function scanBlocks(
  chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  options: ScanOptions,
): Promise<RangeScan> {
  const scanner = new BlockScanner(options)
  for await (const chunk of chunks) scanner.push(chunk)
  return scanner.finish()
}

class BlockScanner {
  readonly #options: ScanOptions
  readonly #blocks: RangeScan['blocks'] = []
  #held: Uint8Array | undefined
  #at: number
  #blockStart: number
  #runs: BlockRuns

  constructor(options: ScanOptions) {
    this.#options = options
    this.#at = options.start
    this.#blockStart = options.start
    this.#runs = new BlockRuns(this.#options.machine)
  }

  push(chunk: Uint8Array): void {
    const bytes = this.#held ? Buffer.concat([this.#held, chunk]) : chunk
    // What a CR is depends on the byte after it.
    const whole = bytes.at(-1) === carriageReturn ? bytes.length - 1 : bytes.length
    this.#held = whole === bytes.length ? undefined : bytes.subarray(whole)
    this.#feed(bytes, whole)
  }

  finish(): RangeScan {
    if (this.#held) this.#feed(this.#held, this.#held.length)
    this.#close()
    return { start: this.#options.start, end: this.#at, blocks: this.#blocks }
  }

  #feed(bytes: Uint8Array, whole: number): void {
    const { end = Infinity, blockBytes, bodyByte } = this.#options
    let from = 0
    while (from < whole && this.#at < end) {
      const stop = Math.min(this.#blockStart + blockBytes, end)
      const inHead = this.#at < bodyByte
      const length = Math.min(whole - from, stop - this.#at, inHead ? bodyByte - this.#at : Infinity)
      if (inHead) this.#runs.skip(bytes, from, from + length)
      else this.#runs.feed(bytes, from, from + length, this.#at - this.#blockStart)
      this.#at += length
      from += length
      if (this.#at === stop) this.#close()
    }
  }

  #close(): void {
    if (this.#at === this.#blockStart) return
    this.#blocks.push({ start: this.#blockStart, end: this.#at, outcomes: this.#runs.outcomes() })
    this.#blockStart = this.#at
    this.#runs = new BlockRuns(this.#options.machine)
  }
}
