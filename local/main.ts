import { runCommandLine } from './cli/command-line.ts'
import { localSystem } from './cli/local-system.ts'
import { createScreen } from './cli/screen.ts'
import { stopSignal } from './cli/stop-signal.ts'
import { synthesise } from './cli/synthesise.ts'

/** Lockgate on one machine: `npm run demo`, `npm run local -- <command>`, `npm run check-migration`. */
const screen = createScreen(process.stdout)

process.exitCode = await runCommandLine(process.argv.slice(2), (exitWith) => ({
  screen,
  print: (text) => process.stdout.write(`${text}\n`),
  printError: (text) => process.stderr.write(`${text}\n`),
  exitWith,
  surroundings: () => ({
    screen,
    synthesise,
    signal: stopSignal(screen),
    // Loaded when a run begins: the other commands need none of it.
    startLocalSystem: async (options) =>
      localSystem(await (await import('./system.ts')).startSystem(options)),
  }),
}))
