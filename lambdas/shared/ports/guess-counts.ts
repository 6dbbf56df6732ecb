/** Numbers that nobody misses: each goes away by itself some time after it was last of use. */
export interface GuessCounts {
  /** Adds one, atomically. Answers how many there are now. @param until milliseconds since 1970; kept as long. */
  add(name: string, until: number): Promise<number>
  /** 0 where nothing was counted. */
  count(name: string): Promise<number>
  /** The text that was kept first under this name: this one, unless another was faster. */
  keep(name: string, text: string, until: number): Promise<string>
}
