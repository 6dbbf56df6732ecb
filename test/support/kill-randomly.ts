import { spawnSync } from 'node:child_process'
import { randomInt } from 'node:crypto'

/** `npm run test:kills`: kills and resumes at points that a random seed says, and prints it; `-- <seed>` repeats one. */
const seed = process.argv[2] ?? String(randomInt(1_000_000))
console.log(`To repeat this: npm run test:kills -- ${seed}`)
// npm puts it on the path.
const { status } = spawnSync(
  'vitest',
  ['run', '--project', 'scenarios', 'test/scenarios/kill-and-resume.test.ts'],
  {
    stdio: 'inherit',
    env: { ...process.env, SEED: seed },
  },
)
process.exitCode = status ?? 1
