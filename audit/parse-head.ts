import type { LogHead } from '../lambdas/shared/domain/decision-log/entry.ts'

/** `<number of entries>:<hash>`; `undefined` for any other text. */
export function parseHead(text: string): LogHead | undefined {
  const [, length, hash = ''] = /^(\d{1,12}):([0-9a-f]{64})$/.exec(text) ?? []
  return length === undefined ? undefined : { length: Number(length), hash }
}
