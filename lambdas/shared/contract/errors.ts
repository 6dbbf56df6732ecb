/**
 * Every refusal of Lockgate has a name. State machines match on it, the guide explains it, and an operator
 * can search for it; so names are data here, and there is one error class.
 */
export const errorNames = {
  // The input and the definition.
  UnknownMigration: 'the input names a migration that is not registered',
  UnknownStage: 'the input names a stage that the migration does not have',
  InvalidInput: 'the execution input has a missing, extra or malformed field',
  InvalidDefinition: 'a migration definition contradicts itself',
  ApproverMissing: 'a role that the gate needs has no address in cdk.json',
  ApproverInTwoRoles: 'one person has two roles of a gate',
  SubscriptionNotConfirmed: 'an approver has not confirmed the e-mail subscription',
  MappingChanged: 'the definition changed after batches were loaded with the earlier one',
  RunNotPinned: 'a function of another deployment was called in mid-run',
  InvalidSettings: 'the context in cdk.json lacks a setting or has a malformed one',
  // The calendar.
  CalendarMissing: 'the Change Calendar that stages wait for does not exist, or is no calendar',
  CalendarUnsupported: 'Systems Manager cannot read an entry of the Change Calendar',
  // AWS.
  AccessDenied: 'a role lacks a permission that the run needs',
  ServiceUnavailable: 'a service failed, throttled or could not be reached for as long as it was tried',
  // The lock and the checkpoints.
  LockHeld: 'another run of this migration is under way',
  LockLost: 'another run has taken the lock over',
  AttemptSuperseded: 'a later attempt at this batch has begun',
  NotEligible: 'the batch is in a state from which this step cannot start',
  // The source.
  SourceMissing: 'the source has no objects',
  SourceEmpty: 'the source has objects, and no records',
  SourceChanged: 'a source object was replaced after it was planned',
  GzipTooLarge: 'a gzip object is too large to be read by one function',
  GzipDamaged: 'a gzip object is corrupt, or was cut off',
  HeaderMismatch: 'an object has another header than the source declares',
  EncodingMismatch: 'an object is in another encoding than the source declares',
  UnterminatedQuote: 'a quote in an object is never closed',
  // The target.
  TargetMissing: 'the target does not exist or has another key',
  IndexKeyMismatch: 'the contract of a field allows what a secondary index of the target does not take',
  TargetThrottled: 'the target kept throttling until the time ran out',
  ConditionTooLarge: 'the condition on the owned fields exceeds what DynamoDB takes',
  ItemTooLarge: 'an item would grow beyond 400 KB together with what others keep in it',
  UnknownTargetError: 'the target refused a write for a reason that is not in its contract',
  // A batch, on its data.
  NondeterministicMapping: 'the mapping gave two answers for one record',
  LedgerMismatch: 'the ledger of a batch does not add up',
  StagedObjectMissing: 'a staged object is gone; its lifecycle rule may have expired it',
  ArchiveObjectMissing: 'an object that a run needs is gone from the archive',
  UndoChunkMismatch: 'an undo chunk does not have the content that the checkpoint recorded',
  TooManyGroups: 'a control sum has more groups than a function can hold',
  TimeTooShort: 'a step could not finish a single chunk in the time it was given',
  // The gate.
  GateNotFound: 'the link opens no gate',
  GateClosed: 'the gate is already decided, expired or closed',
  StaleEvidence: 'the evidence has changed since the page was shown',
  StageNotPassed: 'a stage that has not passed cannot be approved',
  LinkUsed: 'the link has decided already',
  ApproverRemoved: 'the address is no longer in the role that its link was for',
  NotYourDecision: 'the role of the link may not take this decision',
  NothingToWithdraw: 'there is no approval of this person to withdraw',
  TooManyDecisions: 'more has been decided at a gate than its item can keep',
  SourceRefused: 'the source of a request has presented too many wrong links',
  CrossSiteRequest: 'a decision was sent by another page than the approval page',
  MalformedForm: 'a decision was not sent in the form of the approval page',
  FormTooLarge: 'a decision was sent with more than the form can hold',
  EvidenceAltered: 'an evidence object does not have the hash that the gate recorded',
  DecisionLogAltered: 'an entry of the decision log is not what was written there',
} as const

export type ErrorName = keyof typeof errorNames

export function isErrorName(name: string): name is ErrorName {
  return Object.hasOwn(errorNames, name)
}

/** An error that Lockgate foresees. `name` is what a state machine sees; `message` says what to do. */
export class LockgateError extends Error {
  override readonly name: ErrorName

  constructor(name: ErrorName, message: string, options?: ErrorOptions) {
    super(message, options)
    this.name = name
  }
}

/** Whether `error` is a Lockgate error, by one of these names where any are given. */
export function isRefusal(error: unknown, ...names: readonly ErrorName[]): error is LockgateError {
  return error instanceof LockgateError && (names.length === 0 || names.includes(error.name))
}

/** Errors that condemn one batch and leave the run alone: the batch ends with outcome `failed`, until a later run. */
export const batchErrors: readonly ErrorName[] = [
  'NondeterministicMapping',
  'LedgerMismatch',
  'UndoChunkMismatch',
  'ConditionTooLarge',
  'ItemTooLarge',
  'UnknownTargetError',
  'TooManyGroups',
]
