import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { ExecutionStore } from '../../../local/states/execution-store.ts'
import { logLeft } from './log-left.ts'
import { stateLeft, textOf, type Item, type StateLeft } from './state-left.ts'

/**
 * All that a migration has left behind, so that two of them over the same source can be compared: nothing is left out
 * but what names the run or a moment, and what counts attempts. `runs`: how many runs it took, when that is not one.
 */
export async function outcomeOf(stateDirectory: string, runs: readonly string[] = []) {
  const left = await stateLeft(stateDirectory)
  const names = [...runs, await runName(stateDirectory)]
  const plain = (value: unknown) => timeless(value, names)
  const { checkpoints, gates, places } = left.tables
  const objects = await objectsOf(left, stateDirectory, names)
  return {
    places: sorted(places),
    /** Manifests, stages and checkpoints. */
    checkpoints: sorted(checkpoints.filter(isWork).map(({ pk, sk, content }) => plain({ pk, sk, content }))),
    lock: checkpoints.filter(({ sk }) => sk === 'LOCK').map(({ holders }) => ({ holders })),
    gates: sorted(gates.filter(isGate).map(({ pk, content }) => plain({ pk, content }))),
    // A mail that is sent again has a link of its own; whom it leads where must not change.
    links: new Set(
      gates
        .filter((item) => !isGate(item))
        .map(({ content }) => linkOf(content))
        .sort(),
    ),
    objects: sorted(objects),
    ...(await logLeft(left, stateDirectory, await migrationName(stateDirectory))),
    executions: executionsOf(stateDirectory),
  }
}

export type Outcome = Awaited<ReturnType<typeof outcomeOf>>

const mark = z.object({ executionArn: z.string(), migration: z.string() })

const markOf = async (stateDirectory: string) =>
  mark.parse(JSON.parse(await readFile(join(stateDirectory, 'lockgate.json'), 'utf8')))

const migrationName = async (stateDirectory: string) => (await markOf(stateDirectory)).migration

/** Name of the last run. */
async function runName(stateDirectory: string): Promise<string> {
  const { executionArn } = await markOf(stateDirectory)
  return executionArn.split(':').at(-1) ?? ''
}

const isWork = ({ sk }: Item) => sk !== 'LOCK' && !String(sk).startsWith('FAILURE#')
const isGate = ({ pk }: Item) => String(pk).startsWith('GATE#')

const link = z.object({ gate: z.string(), opening: z.number(), address: z.string(), role: z.string() })
const linkOf = (content: unknown) => JSON.stringify(link.parse(content))

const ofMoments = [
  ...[
    'startedAt',
    'endedAt',
    'openedAt',
    'expiresAt',
    'escalatedAt',
    'asked',
    'at',
    'stagedAt',
    'milliseconds',
  ],
  ...[
    'seconds',
    'recordsPerSecond',
    'attempt',
    'claims',
    'revision',
    'taskToken',
    'evidence',
    'evidenceKey',
    'report',
  ],
  // Both follow from how long it took, and how often it was tried.
  ...['anomalies', 'forecast', 'batchSeconds'],
  ...['lockToken', 'link', 'outbox', 'drafts'],
]

const withoutNames = (text: string, runs: readonly string[]) =>
  runs.reduce((rest, run) => rest.replaceAll(run, 'RUN'), text)

/** The same for any run: moments, attempts, and hashes over moments are gone. */
function timeless(value: unknown, runs: readonly string[]): unknown {
  const text = JSON.stringify(value, (name, part: unknown) =>
    ofMoments.includes(name) ? undefined : withoutPace(part),
  )
  return JSON.parse(withoutNames(text, runs))
}

const paced = z.looseObject({ figure: z.string().regex(/^(recordsPerSecond|batchSeconds|duration)\b/) })

/** A criterion on how fast it went, without how fast that was: its verdict is compared. */
function withoutPace(part: unknown): unknown {
  const criterion = paced.safeParse(part).data
  return criterion ? { ...criterion, actual: undefined } : part
}

/** Copies of the log are compared as the log. */
const isNoCopy = ([key]: [string, unknown]) => !key.startsWith('evidence/decision-log/')

const tellsTimes = /^(archive|evidence)\/(evidence|summaries|reports)\//

async function objectsOf({ objects }: StateLeft, stateDirectory: string, runs: readonly string[]) {
  return Promise.all(
    [...objects].filter(isNoCopy).map(async ([key, object]) => {
      const name = withoutNames(key, runs)
        .replace(/((?:evidence|reports)\/.*\/)[0-9a-f]{64}/, '$1HASH')
        .replace(/(\/rehearsals\/)\d+/, '$1TOKEN')
        .replace(/(map-results\/[^/]*\/)[^/]*/, '$1MAPRUN')
      if (name.includes('/MAPRUN/')) return { name }
      // It tells the same as the evidence beside it.
      if (name.endsWith('.html')) return { name }
      if (!tellsTimes.test(key)) return { name, etag: object.etag }
      return { name, content: timeless(JSON.parse(await textOf(stateDirectory, object)), runs) }
    }),
  )
}

/** Without how often a stage was begun: what a migration comes to in several runs. */
export function withoutExecutions({ executions: _e, objects, ...rest }: Outcome) {
  return { ...rest, objects: objects.filter(({ name }) => !name.includes('/MAPRUN/')) }
}

/** How every execution and Map Run has ended. */
function executionsOf(stateDirectory: string): string[] {
  const store = new ExecutionStore(join(stateDirectory, 'executions'), () => 0)
  try {
    const executions = [...store.executions.values()].map(
      ({ facts }) => `${facts.machineName} ${facts.status}`,
    )
    const mapRuns = [...store.mapRuns.values()].map(
      ({ facts }) => `${facts.arn.replace(/^.*\/|:.*$/g, '')} ${facts.status}`,
    )
    return [...executions, ...mapRuns].sort()
  } finally {
    store.close()
  }
}

function sorted<T>(values: readonly T[]): T[] {
  const named = values.map((value) => ({ value, name: JSON.stringify(value) }))
  return named.toSorted((a, b) => (a.name < b.name ? -1 : 1)).map(({ value }) => value)
}
