/** dynalite 4.0.0 has no types. What is used of it: the store, its validations and its actions, without its server. */
declare module 'dynalite/db/index.js' {
  interface Refusal extends Error {
    statusCode?: number
    body?: Record<string, unknown>
  }
  interface Store {
    db: { open(): Promise<void>; close(): Promise<void> }
    lifecycleManager: { gracefulClose(): Promise<void> }
  }
  interface Database {
    create(options: Readonly<Record<string, unknown>>): Store
    checkConditional(data: Record<string, unknown>, existing: unknown): Refusal | null | undefined
  }
  const database: Database
  export default database
  export type { Database, Refusal, Store }
}

declare module 'dynalite/validations/index.js' {
  import type { Store } from 'dynalite/db/index.js'
  type Types = Record<string, unknown>
  const validations: {
    checkTypes(data: Record<string, unknown>, types: Types): Record<string, unknown>
    checkValidations(data: Record<string, unknown>, types: Types, custom: unknown, store: Store): void
  }
  export default validations
  export type { Types }
}
