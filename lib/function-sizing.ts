import type { FunctionName } from './grants.ts'

export interface Sizing {
  readonly memoryMiB: number
  readonly timeoutSeconds: number
}

/** Reads or writes records: one whole processor, and as much time as there is. It saves each finished chunk. */
const heavy: Sizing = { memoryMiB: 1769, timeoutSeconds: 900 }
/** Reads checkpoints and lists. */
const light: Sizing = { memoryMiB: 512, timeoutSeconds: 300 }
/** Answers a browser. An HTTP API gives its answer up after 30 seconds, and tries of stores that fail take some of them. */
const page: Sizing = { memoryMiB: 512, timeoutSeconds: 28 }

const sizes: Readonly<Record<FunctionName, Sizing>> = {
  'open-run': light,
  'begin-stage': light,
  'await-window': light,
  'survey-source': { memoryMiB: 1024, timeoutSeconds: 900 },
  'scan-range': heavy,
  'freeze-manifest': { memoryMiB: 1769, timeoutSeconds: 900 },
  'select-batches': { memoryMiB: 1024, timeoutSeconds: 900 },
  extract: heavy,
  transform: heavy,
  load: heavy,
  reconcile: heavy,
  'find-duplicates': heavy,
  'scan-target': heavy,
  'find-unexpected': heavy,
  summarise: { memoryMiB: 1769, timeoutSeconds: 900 },
  judge: light,
  'await-decision': light,
  act: light,
  'close-run': light,
  'record-failure': light,
  'show-gate': page,
  'decide-gate': page,
}

export function sizingOf(name: string): Sizing {
  return (sizes as Readonly<Record<string, Sizing>>)[name] ?? light
}

/**
 * NODE_OPTIONS of a function. Left to itself, Lambda's runtime gives the young generation of the heap a share of the
 * memory size, and a function that has its memory for the sake of the processor fills hundreds of MiB with what it no
 * longer needs. 16 MiB is what V8 takes elsewhere. Where one of the two sizes is named, Lambda passes neither of its own.
 */
export function nodeOptions({ memoryMiB }: Sizing): string {
  return `--max-semi-space-size=16 --max-old-space-size=${Math.floor(memoryMiB * 0.9)}`
}
