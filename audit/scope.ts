import type { Connection } from './connection.ts'
import type { Pack } from './pack.ts'
import type { Places } from './places.ts'

/** What is looked at, and where it goes. */
export interface AuditScope {
  readonly connection: Connection
  readonly places: Places
  readonly chain: string
  readonly pack: Pack
  readonly progress: (what: string, done: number, total: number) => void
  readonly pause: (milliseconds: number) => Promise<void>
}
