import { createHash } from 'node:crypto'
import { mkdirSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { Execution, type LineSink } from './execution.ts'
import { Journal } from './journal.ts'
import { MapRun, writeItems, type MapItem, type MapRunFacts } from './map-run.ts'
import type { ExecutionFacts, ExecutionLine } from './record.ts'

/** All executions and Map Runs, in memory and in a directory: a journal for each execution and for each Map Run. */
export class ExecutionStore {
  readonly executions = new Map<string, Execution>()
  readonly mapRuns = new Map<string, MapRun>()
  readonly #executionsPath: string
  readonly #mapRunsPath: string
  readonly #now: () => number

  constructor(directory: string, now: () => number) {
    this.#executionsPath = join(directory, 'executions')
    this.#mapRunsPath = join(directory, 'map-runs')
    this.#now = now
    mkdirSync(this.#executionsPath, { recursive: true })
    mkdirSync(this.#mapRunsPath, { recursive: true })
    this.#load()
  }

  create(facts: ExecutionFacts): Execution {
    const path = join(this.#executionsPath, `${fileName(facts.arn)}.jsonl`)
    return this.#keep(new Execution(facts, sinkOf(new Journal(path)), this.#now))
  }

  createChild(run: MapRun, index: number, facts: ExecutionFacts): Execution {
    return this.#keep(run.start(index, facts))
  }

  async createMapRun(
    begun: Omit<MapRunFacts, 'children' | 'items'>,
    items: AsyncIterable<MapItem>,
  ): Promise<MapRun> {
    const path = join(this.#mapRunsPath, fileName(begun.arn))
    const facts = { ...begun, ...(await writeItems(path, items)) }
    const run = new MapRun(facts, path, this.#now)
    run.write(facts)
    this.mapRuns.set(facts.arn, run)
    return run
  }

  close(): void {
    for (const execution of this.executions.values()) execution.close()
    for (const run of this.mapRuns.values()) run.close()
  }

  #keep(execution: Execution): Execution {
    this.executions.set(execution.facts.arn, execution)
    return execution
  }

  #load(): void {
    for (const file of journalsIn(this.#executionsPath)) {
      const journal = new Journal(join(this.#executionsPath, file))
      const lines = journal.read() as unknown as ExecutionLine[]
      const facts = lines[0]?.x
      // A kill may come before the first line is whole; then nobody was told that the execution exists.
      if (facts === undefined) continue
      const execution = this.#keep(new Execution(facts as ExecutionFacts, sinkOf(journal), this.#now))
      for (const line of lines) execution.apply(line)
      if (execution.facts.status === 'SUCCEEDED') execution.forgetFlows()
    }
    for (const file of journalsIn(this.#mapRunsPath)) {
      const run = MapRun.load(join(this.#mapRunsPath, file.replace(/\.jsonl$/, '')), this.#now)
      if (run === undefined) continue
      this.mapRuns.set(run.facts.arn, run)
      for (const child of run.children) if (child !== undefined) this.#keep(child)
    }
  }
}

function journalsIn(path: string): string[] {
  return readdirSync(path)
    .filter((file) => file.endsWith('.jsonl'))
    .sort()
}

// Names of executions may hold characters and lengths that file systems do not take.
function fileName(arn: string): string {
  const readable = arn
    .split(':')
    .slice(-2)
    .join('-')
    .replaceAll(/[^\w.-]/g, '_')
    .slice(0, 120)
  return `${readable}-${createHash('sha256').update(arn).digest('hex').slice(0, 12)}`
}

function sinkOf(journal: Journal): LineSink {
  return {
    append: (line) => journal.append(line),
    events: () => (journal.read() as unknown as ExecutionLine[]).flatMap((line) => line.e ?? []),
    close: () => journal.close(),
  }
}
