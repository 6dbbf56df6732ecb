import { z } from 'zod'
import { atMost, defineMigration, defineSegment, dynamoDb, full, rehearse, s3Delimited } from '#lockgate'
import type { Migration } from '../../lambdas/shared/domain/definition/migration.ts'
import { Stopped } from './flow.ts'
import { RunWorld, type FunctionName } from './run-world.ts'

/** What the mapping makes of a name. */
type Naming = (row: { readonly name: string }) => string

const smallMigration = (naming: Naming): Migration =>
  defineMigration({
    name: 'm',
    segments: [
      defineSegment({
        name: 'a',
        owner: 'tests',
        source: s3Delimited({
          ...{ at: 'export', prefix: 'a/', record: z.object({ id: z.string(), name: z.string().min(1) }) },
        }),
        target: dynamoDb({
          at: 'things',
          record: z.object({ pk: z.string(), name: z.string() }),
          key: ['pk'],
        }),
        map: { pk: (row) => `T#${row.id}`, name: naming },
        criteria: { quarantineRate: atMost(0.5) },
        stages: [rehearse(), full()],
        slicing: { batchBytes: 30, chunkRecords: 2 },
      }),
    ],
    gate: { quorum: { steward: 1 } },
  })

/** Two batches of one or two chunks; one key occurs twice, one row breaks the contract. */
const rows = 'id,name\n1,one\n2,two\n3,three\n4,\n1,again\n6,six\n'

/** A small migration that can be run; of its records, one is in the target before, and one as it was then. */
export function smallWorld(source = rows, naming: Naming = ({ name }) => name): RunWorld {
  const world = new RunWorld(smallMigration(naming), { 'a/1.csv': source })
  world.target.put({ pk: 'T#2', name: 'as it was', colour: 'red' })
  world.target.put({ pk: 'T#3', name: 'three' })
  return world
}

/** Deploys another definition. */
export function redefine(world: RunWorld, naming: Naming): void {
  world.migration = smallMigration(naming)
  world.fingerprint = 'b'.repeat(64)
}

const volatile = ['attempt', 'revision', 'milliseconds', 'claims', 'stagedAt', 'taskToken', 'asked', 'link']
const ofOneRun = ['lockToken', 'run', 'evidence', 'evidenceKey', 'report', 'outbox', 'drafts']
const namedByRun = /^(summaries|evidence|reports|whole-target|scans)\//

export interface Compared {
  /** Without what tells one run from another. */
  readonly acrossRuns?: boolean
  /** Without the index of target keys and the profiles of the source: what a late writer leaves of them names its origin. */
  readonly index?: boolean
}

/** What is left in the end. */
export function outcomeOf(world: RunWorld, { acrossRuns = false, index = true }: Compared = {}) {
  const dropped = acrossRuns ? [...volatile, ...ofOneRun] : volatile
  const plain = (value: unknown): unknown =>
    JSON.parse(JSON.stringify(value, (name, part: unknown) => (dropped.includes(name) ? undefined : part)))
  const objects = ({ objects: all }: RunWorld['archive']) =>
    [...all]
      .filter(([key]) => !(acrossRuns && namedByRun.test(key)) && (index || !/^(index|profiles)\//.test(key)))
      .map(([key, content]) => [key, Buffer.from(content).toString('latin1')])
      .sort()
  const { holders = [] } = world.runs.locks.get('m') ?? {}
  return {
    target: [...world.target.records].sort(),
    archive: objects(world.archive),
    evidence: objects(world.evidence),
    staging: objects(world.staging),
    checkpoints: plain([...world.checkpoints.items].sort()),
    stages: plain([...world.runs.records].sort()),
    gates: plain([...world.gates.gates.values()].map(({ content }) => content)),
    // A lock whose holder has ended is free.
    lock: holders.filter((arn) => world.executions.running.has(arn)),
  }
}

/** `strike` at the first effect of a run, at the second, and so on, until it strikes no function any more. */
export async function atEveryEffect(
  strike: (effect: number) => Promise<FunctionName | undefined>,
): Promise<Set<FunctionName>> {
  const struck = new Set<FunctionName>()
  for (let effect = 1; ; effect += 1) {
    const name = await strike(effect)
    if (name === undefined) return struck
    struck.add(name)
  }
}

export function ignoreStop(error: unknown): void {
  if (!(error instanceof Stopped)) throw error
}
