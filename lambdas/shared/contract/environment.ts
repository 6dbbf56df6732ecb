/** Names of the environment variables that the templates give to functions, and that handlers read. */
export const environment = {
  /** Table of locks, manifests, stages and checkpoints. */
  checkpointTable: 'CHECKPOINT_TABLE',
  /** Table of gates, capabilities and decisions. */
  gateTable: 'GATE_TABLE',
  /** Table of how many wrong capabilities each source has presented. */
  guessTable: 'GUESS_TABLE',
  /** Bucket of staged data, which expires. */
  stagingBucket: 'STAGING_BUCKET',
  /** Bucket of what is kept: manifests, key index, undo log, quarantine, artifacts. */
  archiveBucket: 'ARCHIVE_BUCKET',
  /** Bucket with Object Lock: evidence, reports, copies of the decision log. */
  evidenceBucket: 'EVIDENCE_BUCKET',
  /** Table of the decision log. */
  logTable: 'LOG_TABLE',
  /** KMS key that signs its entries. */
  logKey: 'LOG_KEY_ID',
  /** JSON: `{ "<source name>": { "bucket": "…" } }`. */
  sources: 'SOURCES',
  /** JSON: `{ "<target name>": { "table": "…" } }`. */
  targets: 'TARGETS',
  /** JSON: `{ "<calendar name>": { "arn": "…" } }`. */
  calendars: 'CALENDARS',
  /** JSON: `{ "<migration>": "<sha-256 of definition, mapping and reference data>" }`. */
  fingerprints: 'FINGERPRINTS',
  /** JSON: `{ "<role>": ["<address>", …] }`. */
  approvers: 'APPROVERS',
  /** Topic that carries the mails to approvers. */
  approvalTopic: 'APPROVAL_TOPIC_ARN',
  /** Topic that carries notices to operators. */
  noticeTopic: 'NOTICE_TOPIC_ARN',
  /** Base address of the approval pages, without a final slash. */
  approvalUrl: 'APPROVAL_URL',
  /** KMS HMAC key for fields that are classified `pii: 'hash'`. */
  piiKey: 'PII_KEY_ID',
  /** JSON: `["<name of a function that works on batches>", …]`. */
  batchFunctions: 'BATCH_FUNCTIONS',
  /** JSON: `{ "<step>": <MiB> }`, of the functions that work on batches. */
  functionMemory: 'FUNCTION_MEMORY',
  /** Default of how many batches run at once. */
  concurrency: 'CONCURRENCY',
} as const
