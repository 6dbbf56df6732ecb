/** The stages a segment can go through, in the order in which a definition may list them. */
export const stageKinds = ['rehearse', 'pilot', 'ramp', 'full'] as const
export type StageKind = (typeof stageKinds)[number]

/** States of a checkpoint (DESIGN, section 4). */
export const batchStates = [
  'planned',
  'extracted',
  'transformed',
  'loading',
  'loaded',
  'reconciled',
  'failed',
] as const
export type BatchState = (typeof batchStates)[number]

/** What a stage left behind is worth, as the criteria see it. */
export const verdicts = ['pass', 'fail', 'breach'] as const
export type Verdict = (typeof verdicts)[number]

/** What an approver can decide at a gate. */
export const decisions = ['approve', 'repair', 'rollback', 'hold', 'override', 'withdraw'] as const
export type Decision = (typeof decisions)[number]

/** What a gate can come to when nobody decides in time. */
export const expiryDecisions = ['hold', 'repair', 'rollback'] as const satisfies readonly Decision[]
export type ExpiryDecision = (typeof expiryDecisions)[number]

/** A gate waits while it is `open`; each other status is what it came to. */
export const gateStatuses = ['open', 'approved', 'overridden', 'repair', 'rollback', 'held'] as const
export type GateStatus = (typeof gateStatuses)[number]

/** How a run ends. `complete`: every stage that was asked for, and that it could come to, has passed. */
export const runOutcomes = ['complete', 'held', 'repair', 'rollback'] as const
export type RunOutcome = (typeof runOutcomes)[number]
