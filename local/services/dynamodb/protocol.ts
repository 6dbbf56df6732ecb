/** Between the main process and the process that holds the tables. */
export type FromTables =
  | { readonly type: 'listening'; readonly port: number }
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
