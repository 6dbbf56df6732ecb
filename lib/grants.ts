/**
 * What each function may touch: the whole of it, by hand, so that it can be reviewed in one sitting. Places
 * follow from the registered migrations; sources and targets are listed by what is done with them, never both
 * written by one function. A function's environment has the names of these places and of no other.
 */
export interface Grants {
  /** Lock, manifests, stages and checkpoints. */
  readonly checkpoints?: readonly TableAction[]
  readonly gates?: readonly TableAction[]
  /** How many wrong capabilities each source has presented. */
  readonly guesses?: readonly ('GetItem' | 'UpdateItem')[]
  /** Prefixes in the buckets of Lockgate. */
  readonly staging?: ObjectGrants
  readonly archive?: ObjectGrants
  /** The bucket with Object Lock. */
  readonly evidence?: ObjectGrants
  /** Reads and puts entries, signs them, and writes their copies; changes and deletes none. */
  readonly decisionLog?: 'append'
  /** `list`: their names, sizes and ETags. `read`: what is in them as well. */
  readonly sources?: 'list' | 'read'
  readonly targets?: 'read' | 'write' | 'scan' | 'describe'
  /** Whether the calendars that migrations wait for are open. */
  readonly calendars?: true
  readonly approvalTopic?: readonly ('Publish' | 'ListSubscriptionsByTopic')[]
  readonly noticeTopic?: readonly 'Publish'[]
  /**
   * `inspect`: whether a run, or a map run of it, still goes on. `explain`: what a failure of a stage began with.
   * `answer`: rings the bell of a gate.
   */
  readonly executions?: 'inspect' | 'explain' | 'answer'
  /** The key for fields with `pii: 'hash'`. */
  readonly hashing?: true
  /** How many functions may run at once: in the account, and of those that work on batches. */
  readonly limits?: true
  /** Settings that only some functions are told. */
  readonly told?: readonly ('approvers' | 'approvalUrl' | 'concurrency' | 'functionMemory')[]
}

export type TableAction = 'GetItem' | 'PutItem' | 'UpdateItem' | 'Query'

export interface ObjectGrants {
  /** May list these prefixes as well. */
  readonly read?: readonly string[]
  readonly write?: readonly string[]
  /** May list, and read nothing. */
  readonly list?: readonly string[]
}

export const grants = {
  'open-run': {
    checkpoints: ['GetItem', 'PutItem', 'Query'],
    archive: { write: ['artifacts'] },
    sources: 'list',
    targets: 'describe',
    calendars: true,
    limits: true,
    approvalTopic: ['ListSubscriptionsByTopic'],
    executions: 'inspect',
    told: ['approvers', 'concurrency'],
  },
  'begin-stage': {
    checkpoints: ['GetItem', 'PutItem', 'Query'],
    gates: ['GetItem'],
    archive: { read: ['surveys'] },
    sources: 'list',
    calendars: true,
  },
  'await-window': { checkpoints: ['GetItem', 'PutItem'], calendars: true, noticeTopic: ['Publish'] },
  'survey-source': {
    checkpoints: ['GetItem', 'UpdateItem', 'Query'],
    archive: { read: ['surveys'], write: ['surveys'] },
    sources: 'read',
  },
  'scan-range': { archive: { read: ['surveys'], write: ['surveys'] }, sources: 'read' },
  'freeze-manifest': {
    checkpoints: ['GetItem', 'PutItem'],
    archive: { read: ['surveys'], write: ['manifests'] },
  },
  'select-batches': {
    checkpoints: ['GetItem', 'PutItem', 'UpdateItem'],
    archive: { read: ['manifests'], write: ['manifests'] },
    targets: 'describe',
  },
  extract: {
    checkpoints: ['GetItem', 'PutItem'],
    staging: { list: ['extracted', 'transformed'], write: ['extracted'] },
    archive: { read: ['manifests'] },
    sources: 'read',
  },
  transform: {
    checkpoints: ['GetItem', 'PutItem'],
    staging: { read: ['extracted', 'transformed'], write: ['transformed'] },
    archive: {
      read: ['manifests', 'duplicates'],
      list: ['quarantine'],
      write: ['quarantine', 'index', 'profiles'],
    },
    hashing: true,
  },
  load: {
    checkpoints: ['GetItem', 'PutItem'],
    staging: { read: ['transformed'] },
    archive: { read: ['manifests', 'undo'], list: ['conflicts'], write: ['undo', 'conflicts'] },
    targets: 'write',
  },
  reconcile: {
    checkpoints: ['GetItem', 'PutItem'],
    staging: { read: ['transformed'] },
    archive: {
      read: ['manifests', 'duplicates', 'differences', 'control-sums'],
      write: ['differences', 'control-sums'],
    },
    sources: 'read',
    targets: 'read',
    hashing: true,
  },
  'find-duplicates': {
    checkpoints: ['GetItem', 'PutItem'],
    archive: { read: ['manifests', 'index'], write: ['duplicates'] },
  },
  'scan-target': {
    checkpoints: ['GetItem'],
    staging: { read: ['scans'], write: ['scans'] },
    targets: 'scan',
  },
  'find-unexpected': {
    checkpoints: ['GetItem'],
    staging: { read: ['scans'] },
    archive: { read: ['manifests', 'index'], write: ['whole-target'] },
  },
  summarise: {
    checkpoints: ['GetItem', 'Query'],
    archive: {
      read: [
        ...['manifests', 'quarantine', 'conflicts', 'differences', 'whole-target', 'control-sums'],
        ...['profiles', 'summaries'],
      ],
      write: ['summaries'],
    },
    told: ['functionMemory'],
  },
  judge: {
    checkpoints: ['GetItem', 'PutItem'],
    gates: ['GetItem', 'PutItem'],
    archive: { read: ['summaries'] },
    evidence: { write: ['evidence'] },
    decisionLog: 'append',
  },
  'await-decision': {
    checkpoints: ['GetItem', 'PutItem'],
    gates: ['GetItem', 'PutItem'],
    evidence: { read: ['evidence'] },
    decisionLog: 'append',
    approvalTopic: ['Publish', 'ListSubscriptionsByTopic'],
    executions: 'answer',
    told: ['approvers', 'approvalUrl'],
  },
  act: {
    checkpoints: ['GetItem', 'PutItem'],
    gates: ['GetItem', 'PutItem'],
    decisionLog: 'append',
  },
  'close-run': {
    checkpoints: ['UpdateItem', 'Query'],
    archive: { write: ['reports'] },
    noticeTopic: ['Publish'],
  },
  'record-failure': { checkpoints: ['PutItem'], noticeTopic: ['Publish'], executions: 'explain' },
  'show-gate': {
    gates: ['GetItem'],
    guesses: ['GetItem', 'UpdateItem'],
    evidence: { read: ['evidence'] },
    decisionLog: 'append',
  },
  'decide-gate': {
    gates: ['GetItem', 'PutItem'],
    guesses: ['GetItem', 'UpdateItem'],
    evidence: { read: ['evidence'] },
    decisionLog: 'append',
    executions: 'answer',
    told: ['approvers'],
  },
} as const satisfies Readonly<Record<string, Grants>>

export type FunctionName = keyof typeof grants

/** Those that a Distributed Map calls side by side. */
export const batchFunctions = [
  'extract',
  'transform',
  'load',
  'reconcile',
] as const satisfies readonly FunctionName[]

/** @throws Error when the table lacks a function that there is. */
export function grantsOf(name: string): Grants {
  const found = (grants as Readonly<Record<string, Grants>>)[name]
  if (found !== undefined) return found
  throw new Error(`lib/grants.ts does not say what ${name} may touch; add it, even if it is nothing`)
}
