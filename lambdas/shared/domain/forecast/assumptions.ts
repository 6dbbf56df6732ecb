/** What a forecast rests on and rehearse cannot measure, because it touches no target. */
export const assumptions = {
  /** Conditional writes a second by one function with one processor, which has to sign and send each of them. */
  writesPerFunction: 1_000,
  /** Items a second that one function reads, a hundred a request. */
  readsPerFunction: 10_000,
  /**
   * Write units a second that a new on-demand table takes ("Initial throughput and scaling properties" in the
   * developer guide of DynamoDB). It doubles when it is used up, and a provisioned table has what it was given.
   */
  writeUnitsOfTable: 4_000,
} as const

/**
 * State transitions, from `statemachines/*.asl.json`: of a batch in a stage that loads, where every step goes
 * through at once, with the one that starts its execution; and of all else that a stage does, about.
 */
export const transitions = { ofBatch: 11, ofStage: 16 } as const
