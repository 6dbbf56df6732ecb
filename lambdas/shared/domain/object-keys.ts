/**
 * Names of everything that lies in the buckets of Lockgate. The undo log is named by segment, batch, epoch,
 * generation and chunk, never by content: a retry that finds its chunk uses it.
 */
const padded = (n: number) => String(n).padStart(6, '0')

interface InSegment {
  readonly migration: string
  readonly segment: string
}

interface InManifest extends InSegment {
  readonly manifest: string
}

interface InBatch extends InManifest {
  readonly batch: string
}

/** What staged content follows from, besides the source: a late writer of another definition has other names. */
interface Origin {
  readonly fingerprint: string
  /** How many duplicates are known; transform marks them. */
  readonly duplicates: number
}

const origin = ({ fingerprint, duplicates }: Origin) => `${fingerprint.slice(0, 16)}-${duplicates}`

const home = (at: InManifest) => `${at.migration}/${at.segment}/${at.manifest}`

/** Keys in the staging bucket. */
export const stagingKeys = {
  extracted: (at: InBatch, from: Origin, chunk: number) =>
    `${stagingKeys.extractedOf(at, from)}${padded(chunk)}.jsonl.zst`,
  extractedOf: (at: InBatch, { fingerprint }: Origin) =>
    `extracted/${home(at)}/${at.batch}/${fingerprint.slice(0, 16)}/`,
  transformed: (at: InBatch, from: Origin, chunk: number) =>
    `${stagingKeys.transformedOf(at, from)}${padded(chunk)}.jsonl.zst`,
  transformedOf: (at: InBatch, from: Origin) => `transformed/${home(at)}/${at.batch}/${origin(from)}/`,
  /** What a run's scan of the whole target found, by part and page: an index of the keys, and the keys. */
  scanIndex: (at: InManifest, run: string, part: number, page: number) =>
    `scans/${home(at)}/${run}/${padded(part)}/${padded(page)}.keys`,
  scanKeys: (at: InManifest, run: string, part: number, page: number) =>
    `scans/${home(at)}/${run}/${padded(part)}/${padded(page)}.jsonl.zst`,
  scanPosition: (at: InManifest, run: string, part: number) =>
    `scans/${home(at)}/${run}/${padded(part)}/position.json`,
  scansOf: (at: InManifest, run: string) => `scans/${home(at)}/${run}/`,
}

/** Keys in the archive bucket. */
export const archiveKeys = {
  artifact: (migration: string, fingerprint: string) => `artifacts/${migration}/${fingerprint}.mjs`,
  surveyRanges: (at: InManifest) => `surveys/${home(at)}/ranges.jsonl`,
  survey: (at: InManifest) => `surveys/${home(at)}/survey.json`,
  rangeScan: (at: InManifest, object: number, start: number) =>
    `surveys/${home(at)}/scans/${padded(object)}-${String(start).padStart(15, '0')}.json`,
  batch: (at: InBatch) => `manifests/${home(at)}/batches/${at.batch}.json`,
  /** All batches with their objects, in order. */
  batchList: (at: InManifest) => `manifests/${home(at)}/batches.json`,
  stageManifest: (at: InManifest, stage: string) => `manifests/${home(at)}/stages/${stage}.jsonl`,
  /** What the source of a batch looks like, by run of chunks; in a stage that loads, where it was read anew. */
  profile: (at: InBatch, from: Origin, pass: 'rehearse' | 'load', run: number) =>
    `profiles/${home(at)}/${at.batch}/${pass}-${origin(from)}/${padded(run)}.json`,
  keyIndex: (at: InBatch, run: number) => `index/${home(at)}/${at.batch}/${padded(run)}.keys`,
  duplicates: (at: InBatch, partition: number) =>
    `duplicates/${home(at)}/${at.batch}/${padded(partition)}.json`,
  duplicatesOf: (at: InBatch) => `duplicates/${home(at)}/${at.batch}/`,
  /** What of the whole target the source explains, by partition of the key index. */
  wholeTarget: (at: InManifest, run: string, partition: number) =>
    `whole-target/${home(at)}/${run}/${padded(partition)}.json`,
  undo: (at: InBatch, epoch: number, generation: number, chunk: number) =>
    `undo/${home(at)}/${at.batch}/e${epoch}/g${generation}/${padded(chunk)}.jsonl.zst`,
  quarantine: (at: InBatch, chunk: number) => `quarantine/${home(at)}/${at.batch}/${padded(chunk)}.jsonl.zst`,
  quarantineOf: (at: InBatch) => `quarantine/${home(at)}/${at.batch}/`,
  conflicts: (at: InBatch, chunk: number) => `conflicts/${home(at)}/${at.batch}/${padded(chunk)}.json`,
  conflictsOf: (at: InBatch) => `conflicts/${home(at)}/${at.batch}/`,
  differences: (at: InBatch) => `differences/${home(at)}/${at.batch}.json`,
  /** Control sums of a batch up to some chunk; its checkpoint says which `name` counts. */
  controlSums: (at: InBatch, name: string) => `control-sums/${home(at)}/${at.batch}/${name}.json`,
  /** What a rehearsal saw; tokens grow, and so the keys are in the order of the rehearsals. */
  rehearsal: (at: InSegment, lockToken: number) =>
    `${archiveKeys.rehearsalsOf(at)}${String(lockToken).padStart(12, '0')}.json`,
  rehearsalsOf: ({ migration, segment }: InSegment) => `summaries/${migration}/${segment}/rehearsals/`,
  summary: (at: InManifest, stage: string, run: string) => `summaries/${home(at)}/${stage}/${run}.json`,
  report: (migration: string, run: string) => `reports/${migration}/${run}.json`,
}

/** Keys in the evidence bucket, where nothing can be replaced. */
export const evidenceKeys = {
  evidence: (at: InManifest, stage: string, hash: string) => `evidence/${home(at)}/${stage}/${hash}.json`,
  /** The same for people, beside it. */
  report: (at: InManifest, stage: string, hash: string) => `evidence/${home(at)}/${stage}/${hash}.html`,
  /** The copy of an entry of the decision log. */
  logEntry: (chain: string, sequence: number) =>
    `${evidenceKeys.logEntriesOf(chain)}${String(sequence).padStart(12, '0')}.json`,
  logEntriesOf: (chain: string) => `decision-log/${chain}/`,
}
