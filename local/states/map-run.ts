import type { Json } from './json.ts'
import { closeSync, existsSync, openSync, readFileSync, readSync, rmSync, statSync } from 'node:fs'
import { Execution, type LineSink } from './execution.ts'
import type { HistoryEvent } from './history.ts'
import { Journal } from './journal.ts'
import type { ExecutionFacts, ExecutionLine } from './record.ts'

/** Settings of a Map Run, evaluated once. */
export interface MapRunPlan {
  type: 'STANDARD' | 'EXPRESS'
  maxConcurrency: number
  toleratedCount: number | null
  toleratedPercentage: number | null
}

/** The input of one child execution, and how many items it holds. */
export interface MapItem {
  input: Json
  items: number
}

/** What describe tells of a Map Run. Dates in epoch milliseconds. */
export interface MapRunFacts {
  arn: string
  executionArn: string
  plan: MapRunPlan
  status: 'RUNNING' | 'SUCCEEDED' | 'FAILED' | 'ABORTED'
  startDate: number
  stopDate: number | null
  redriveCount: number
  redriveDate: number | null
  /** Child executions, and the items in them. */
  children: number
  items: number
  resultsWritten: boolean
  /** Why it failed. */
  failure: { error: string; cause?: string | undefined } | null
}

type Line = { run: Partial<MapRunFacts> } | ({ k: number } & ExecutionLine)

// Below this size a journal is read in a moment, and the history of all children can stay.
const COMPACT_ABOVE_BYTES = 32 * 1024 * 1024

/**
 * A run of a distributed Map. All its children write into one journal, so that ten thousand of them are one file; their
 * inputs lie beside it, as they were read when the run began.
 */
export class MapRun {
  facts: MapRunFacts
  readonly children: (Execution | undefined)[] = []
  readonly #journal: Journal
  readonly #itemsPath: string
  readonly #now: () => number
  #offsets: number[] | undefined

  constructor(facts: MapRunFacts, path: string, now: () => number) {
    this.facts = facts
    this.#journal = new Journal(`${path}.jsonl`)
    this.#itemsPath = `${path}.items`
    this.#now = now
  }

  /** Reads a Map Run back; undefined when the file was torn before it held anything. */
  static load(path: string, now: () => number): MapRun | undefined {
    const lines = new Journal(`${path}.jsonl`).read() as unknown as Line[]
    const first = lines[0]
    if (first === undefined || !('run' in first)) return undefined
    const run = new MapRun(first.run as MapRunFacts, path, now)
    for (const line of lines) run.#apply(line)
    return run
  }

  write(change: Partial<MapRunFacts>): void {
    this.#journal.append({ run: change })
    this.facts = { ...this.facts, ...change }
  }

  /** A new child for the index; it takes the place of one that is run anew. */
  start(index: number, facts: ExecutionFacts): Execution {
    const child = new Execution(facts, this.#sink(index, facts.arn), this.#now)
    this.children[index] = child
    return child
  }

  /** The input of the child with this index. */
  item(index: number): MapItem {
    this.#offsets ??= offsetsOf(this.#itemsPath)
    const [from, to] = [this.#offsets[index], this.#offsets[index + 1]]
    if (from === undefined || to === undefined) throw new Error(`${this.facts.arn} has no item ${index}`)
    const bytes = Buffer.alloc(to - from)
    const file = openSync(this.#itemsPath, 'r')
    readSync(file, bytes, 0, bytes.length, from)
    closeSync(file)
    return JSON.parse(bytes.toString()) as MapItem
  }

  /** Ends the run; a large journal keeps the history of the children that did not succeed only. */
  end(status: 'SUCCEEDED' | 'FAILED' | 'ABORTED', failure: MapRunFacts['failure'] = null): void {
    this.write({ status, failure, stopDate: this.#now() })
    if (status === 'SUCCEEDED') {
      rmSync(this.#itemsPath, { force: true })
      if (statSync(this.#journal.path).size > COMPACT_ABOVE_BYTES) this.#compact()
    }
    this.#journal.close()
  }

  close(): void {
    this.#journal.close()
  }

  #apply(line: Line): void {
    if ('run' in line) this.facts = { ...this.facts, ...line.run }
    else if (line.x?.arn !== undefined) this.start(line.k, line.x as ExecutionFacts).apply(line)
    else this.children[line.k]?.apply(line)
  }

  #compact(): void {
    const succeeded = (index: number) => this.children[index]?.facts.status === 'SUCCEEDED'
    const kept = this.#lines().filter((line) => 'k' in line && !succeeded(line.k))
    const facts = this.children.flatMap((child, k) =>
      child !== undefined && succeeded(k) ? [{ k, x: child.facts }] : [],
    )
    this.#journal.rewrite([{ run: this.facts }, ...facts, ...kept])
  }

  #lines(): Line[] {
    return this.#journal.read() as unknown as Line[]
  }

  #sink(index: number, arn: string): LineSink {
    return {
      append: (line) => this.#journal.append({ k: index, ...line }),
      events: () => {
        const events: HistoryEvent[] = []
        for (const line of this.#lines()) {
          if (!('k' in line) || line.k !== index) continue
          if (line.x?.arn !== undefined && line.x.arn !== arn) events.length = 0
          events.push(...(line.e ?? []))
        }
        return events.length === 0 ? undefined : events
      },
      close: () => undefined,
    }
  }
}

/** Writes the items of a run that is to begin. */
export async function writeItems(
  path: string,
  items: AsyncIterable<MapItem>,
): Promise<{ children: number; items: number }> {
  const file = new Journal(`${path}.items`)
  file.rewrite([])
  const count = { children: 0, items: 0 }
  try {
    for await (const item of items) {
      file.append(item)
      count.children += 1
      count.items += item.items
    }
  } finally {
    file.close()
  }
  return count
}

function offsetsOf(path: string): number[] {
  const offsets = [0]
  if (!existsSync(path)) return offsets
  const bytes = readFileSync(path)
  for (let at = bytes.indexOf(0x0a); at >= 0; at = bytes.indexOf(0x0a, at + 1)) offsets.push(at + 1)
  return offsets
}
