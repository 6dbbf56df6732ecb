import { byteClass, columns, lineFeed, recordStart, type RecordMachine } from './record-machine.ts'
import type { BlockOutcome, RecordStart } from './range-scan.ts'

/** What one run of the machine has seen in the block. */
interface Run {
  state: number
  records: number
  first: RecordStart | undefined
  /** Of the last record, where there is a first. Two numbers: an object a record would cost a tenth of the time. */
  lastAt: number
  lastLines: number
}

/** A start state whose run has met another: from `joinedAt` records of that one on, both count alike. */
interface Follower {
  readonly leader: Run
  readonly joinedAt: number
}

/**
 * The runs of the machine over one block, one per state that it may start in. Runs that have come to the
 * same state go on as one, which happens within a few fields: so a scan costs little more than one pass.
 */
export class BlockRuns {
  readonly #machine: RecordMachine
  readonly #started: Run[]
  readonly #followers = new Map<Run, Follower>()
  #live: Run[]
  #lines = 0

  constructor(machine: RecordMachine) {
    this.#machine = machine
    this.#started = Array.from({ length: machine.states }, (_, state) => ({
      state,
      records: 0,
      first: undefined,
      lastAt: 0,
      lastLines: 0,
    }))
    this.#live = [...this.#started]
  }

  /** Counts the lines of bytes that belong to no record: the BOM and the header row. */
  skip(bytes: Uint8Array, from: number, to: number): void {
    for (let at = bytes.indexOf(lineFeed, from); at !== -1 && at < to; at = bytes.indexOf(lineFeed, at + 1)) {
      this.#lines += 1
    }
  }

  /** Feeds bytes[from, to), the first of which is `offset` in the block. May look at the byte at `to`. */
  feed(bytes: Uint8Array, from: number, to: number, offset: number): void {
    const { classes } = this.#machine
    let settled = false
    for (let at = from; at < to; at++) {
      const kind = classes[bytes[at] as number] as number
      if (kind === byteClass.other && settled) continue
      settled = this.#step(kind, bytes[at + 1] === lineFeed, offset + at - from)
      if (kind === byteClass.lineFeed) this.#lines += 1
    }
  }

  /** Whether all runs are now where text changes nothing. */
  #step(kind: number, beforeLineFeed: boolean, offset: number): boolean {
    const { next } = this.#machine
    let settled = true
    for (const run of this.#live) {
      if (run.state === recordStart) {
        if (kind === byteClass.carriageReturn && beforeLineFeed) {
          settled = false
          continue
        }
        if (kind !== byteClass.lineFeed) this.#begin(run, offset)
      }
      const state = next[run.state * columns + kind] as number
      run.state = state
      if (state === recordStart || next[state * columns] !== state) settled = false
    }
    if (this.#live.length > 1) this.#merge()
    return settled
  }

  #begin(run: Run, offset: number): void {
    run.first ??= { at: offset, lines: this.#lines }
    run.lastAt = offset
    run.lastLines = this.#lines
    run.records += 1
  }

  /** Joins runs in the same state, once both have or both lack a first record: the rest they then share. */
  #merge(): void {
    for (let one = 0; one < this.#live.length; one++) {
      for (let other = this.#live.length - 1; other > one; other--) {
        const leader = this.#live[one] as Run
        const run = this.#live[other] as Run
        if (run.state !== leader.state || (run.first === undefined) !== (leader.first === undefined)) continue
        this.#followers.set(run, { leader, joinedAt: leader.records })
        this.#live.splice(other, 1)
      }
    }
  }

  /** The outcome per start state. */
  outcomes(): BlockOutcome[] {
    return this.#started.map((run) => {
      const { state, records, first, lastAt, lastLines } = this.#final(run)
      const outcome = { next: state, lines: this.#lines, records }
      return first ? { ...outcome, first, last: { at: lastAt, lines: lastLines } } : outcome
    })
  }

  #final(run: Run): Run {
    const follower = this.#followers.get(run)
    if (follower === undefined) return run
    const leader = this.#final(follower.leader)
    const shared = leader.records - follower.joinedAt
    const { lastAt, lastLines } = shared > 0 ? leader : run
    return {
      state: leader.state,
      records: run.records + shared,
      first: run.first ?? leader.first,
      lastAt,
      lastLines,
    }
  }
}
