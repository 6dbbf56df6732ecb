import type { FromTables } from './protocol.ts'

let count = 0

/** Tells the main process that one more request was answered; those of one turn of the event loop in one message. */
export function countServed(): void {
  count += 1
  if (count > 1) return
  setImmediate(() => {
    const message: FromTables = { type: 'served', count }
    count = 0
    process.send?.(message)
  })
}
