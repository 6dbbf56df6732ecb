import type { Screen } from './screen.ts'

/** Aborted by the first Ctrl-C (or SIGTERM). The second one ends the process at once. */
export function stopSignal(screen: Screen): AbortSignal {
  const controller = new AbortController()
  const stop = () => {
    if (controller.signal.aborted) process.exit(1)
    screen.line('\nStopping … (once more to stop at once)')
    controller.abort()
  }
  process.on('SIGINT', stop).on('SIGTERM', stop)
  return controller.signal
}
