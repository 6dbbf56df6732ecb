import type { LogDraft, LogHead, SignedEntry } from '../domain/decision-log/entry.ts'

/** The append-only log of one chain per migration (DESIGN, section 8). */
export interface DecisionLog {
  /** Appends the event; an event whose id is in the log already is answered with its entry. */
  append(chain: string, draft: LogDraft): Promise<SignedEntry>
  /** Length 0 and 64 zeros where nothing is logged yet. */
  head(chain: string): Promise<LogHead>
  /** From the first to the last, as they are stored. */
  entries(chain: string): AsyncIterable<SignedEntry>
}
