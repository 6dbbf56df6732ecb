export interface Clock {
  /** Milliseconds since 1970. */
  now(): number
  /** @throws the signal's reason when it is aborted. */
  sleep(milliseconds: number, signal?: AbortSignal): Promise<void>
}

/** How much longer a step may work; handlers derive it from Lambda's remaining time, less a margin. */
export interface Deadline {
  /** Whether too little time is left to begin another chunk. */
  isNear(): boolean
  /** Aborts what is under way when the time is over. */
  readonly signal: AbortSignal
}
