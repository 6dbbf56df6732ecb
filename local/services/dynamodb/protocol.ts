/** Between the main process and the process that holds the tables. */
export type FromTables =
  | { readonly type: 'listening'; readonly port: number }
  /** How many requests of roles were answered since the last such message. */
  | { readonly type: 'served'; readonly count: number }
  | {
      readonly type: 'authorize'
      readonly id: number
      readonly accessKeyId: string
      readonly operation: string
      /** The input without items, keys and values. */
      readonly input: Readonly<Record<string, unknown>>
    }

export interface ToTables {
  readonly type: 'decision'
  readonly id: number
  /** Why it is refused; absent when it is allowed. */
  readonly refusal?: string
}
