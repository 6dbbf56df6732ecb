/** How many executions of functions Lambda allows at once. */
export interface FunctionLimits {
  /** Of all functions of this account and Region that have none reserved. */
  unreserved(): Promise<number>
  /** Reserved for one function, by its name; `undefined` where nothing is. */
  reserved(functionName: string): Promise<number | undefined>
}
