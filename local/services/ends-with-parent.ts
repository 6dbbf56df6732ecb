/**
 * For the first lines of a child process. It goes when its parent does, however that went. What a terminal sends
 * to the whole group, as Ctrl-C does, is left to the parent, which ends its children in its own order.
 */
export function endWithParent(): void {
  process.once('disconnect', () => process.exit(0))
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => undefined)
}
