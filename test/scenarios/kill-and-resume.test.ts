import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { runDisturbed } from '../support/crossing/disturbed.ts'
import { FunctionKills } from '../support/crossing/function-kills.ts'
import {
  finishedIn,
  isLoading,
  nextKill,
  randomFrom,
  writesOf,
  type Finished,
  type Undisturbed,
} from '../support/crossing/kills.ts'
import { outcomeOf, withoutExecutions, type Outcome } from '../support/crossing/outcome.ts'
import { CrossingRuns } from '../support/crossing/runs.ts'
import { stateLeft, type StateLeft } from '../support/crossing/state-left.ts'

/** A small migration that nobody disturbs, and the same one, killed and stopped wherever a seed says. */
const seed = Number(process.env['SEED'] ?? 1)
const kills = 20
const killsInLoad = 5

let runs: CrossingRuns
let smooth: string
let expected: Outcome
let undisturbed: Undisturbed

beforeAll(async () => {
  console.log(`SEED=${seed}`)
  runs = await CrossingRuns.prepare()
  smooth = await runs.newState('undisturbed')
  const requests = await runs.toTheEnd(runs.start, smooth)
  expected = await outcomeOf(smooth)
  undisturbed = { requests, writes: writesOf((await stateLeft(smooth)).checkpoints) }
  console.log(`undisturbed: ${requests} requests`)
})

afterAll(() => runs.remove())

test(`killed ${kills} times and resumed, it ends the same, and nothing finished is done again`, async () => {
  const random = randomFrom(seed)
  const state = await runs.stateLike(smooth, 'killed')
  const finished: Finished[] = []
  let left: Pick<StateLeft, 'checkpoints'> = { checkpoints: new Map() }
  let inLoad = 0
  // Once before it has sent all of its source: that is no request of the run.
  await runs.killedWhen(/AWS endpoint/, runs.start, state)
  for (let kill = 1; kill <= kills; kill += 1) {
    const requests = nextKill(left, undisturbed, kills + 1 - kill, random)
    await runs.killed(['resume'], state, requests)
    const now = await stateLeft(state)
    finished.push(finishedIn(now))
    if (isLoading(now.checkpoints)) inLoad += 1
    console.log(`kill ${kill}: after ${requests} requests, with ${statesOf(now)}`)
    left = now
  }
  await runs.toTheEnd(['resume'], state)

  expect(inLoad).toBeGreaterThanOrEqual(killsInLoad)
  expect(await outcomeOf(state)).toEqual(expected)
  const { checkpoints, objects } = await stateLeft(state)
  expect(finished.at(-1)?.checkpoints.size).toBeGreaterThan(0)
  for (const before of finished) {
    expect(among(checkpoints, before.checkpoints)).toEqual(before.checkpoints)
    expect(among(objects, before.objects)).toEqual(before.objects)
  }
})

/** A person and events call these: nobody calls them again. */
const fromOutside = ['show-gate', 'decide-gate', 'record-failure']
const ofRuns = [
  ...['act', 'await-decision', 'begin-stage', 'close-run', 'extract', 'find-duplicates', 'find-unexpected'],
  ...['freeze-manifest', 'judge', 'load', 'open-run', 'reconcile', 'scan-range', 'scan-target'],
  ...['select-batches', 'summarise', 'survey-source', 'transform'],
]

test('with each function killed in its work, a run stopped and redriven, and taken over in load, it ends the same', async () => {
  const state = await runs.stateLike(smooth, 'disturbed')
  const functionKills = new FunctionKills(randomFrom(seed), fromOutside)
  const disturbed = await runDisturbed(state, join(runs.directory, 'source'), functionKills)
  console.log(`killed: ${[...functionKills.counts].map(([name, count]) => `${count} ${name}`).join(', ')}`)
  expect(disturbed.ending).toEqual({ status: 'succeeded' })
  expect([...functionKills.counts.keys()].toSorted()).toEqual(ofRuns)
  expect(withoutExecutions(await outcomeOf(state, disturbed.runs))).toEqual(withoutExecutions(expected))
})

function statesOf({ checkpoints }: StateLeft): string {
  const states = Object.entries(Object.groupBy(checkpoints.values(), ({ state }) => state))
  return states.map(([state, batches]) => `${batches.length} ${state}`).join(', ') || 'no batch yet'
}

const among = <V>(all: ReadonlyMap<string, V>, wanted: ReadonlyMap<string, V>) =>
  new Map([...all].filter(([name]) => wanted.has(name)))
