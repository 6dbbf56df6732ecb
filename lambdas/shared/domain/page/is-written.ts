import type { Evidence } from '../evidence.ts'

/** Whether the stage was to write to the target: only then is it judged by what is there. */
export function isWritten({ summary: { ledger }, criteria }: Evidence): boolean {
  const written = ledger.loaded + ledger.unchanged + ledger.conflicted
  return written > 0 || criteria.some(({ figure }) => figure === 'completeness')
}
