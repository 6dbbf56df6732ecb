import { setTimeout } from 'node:timers/promises'
import { createScreen } from '../local/cli/screen.ts'
import { runCommandLine } from './command-line.ts'

/** `npm run audit -- <migration>`. */
process.exitCode = await runCommandLine(process.argv.slice(2), {
  screen: createScreen(process.stderr),
  print: (text) => process.stdout.write(`${text}\n`),
  printError: (text) => process.stderr.write(`${text}\n`),
  now: () => Date.now(),
  pause: (milliseconds) => setTimeout(milliseconds),
})
