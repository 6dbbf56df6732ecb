import { expect, test } from 'vitest'
import { Flow } from '../../support/flow.ts'
import { Interruption } from '../../support/interruptions.ts'
import { functions } from '../../support/run-world.ts'
import { atEveryEffect, ignoreStop, outcomeOf, smallWorld } from '../../support/small-run.ts'

/** A run through all its functions; each of their effects in turn is the last one of its process. */

test('a function that dies after any of its effects is called again, and the run ends the same', async () => {
  const smooth = smallWorld()
  await new Flow(smooth, 'run-1').run()
  const expected = outcomeOf(smooth)
  expect([...smooth.runs.records.values()].map(({ status }) => status)).toEqual(['passed', 'passed'])
  expect(smooth.runs.locks.get('m')).toMatchObject({ holders: [] })

  // After each effect is before the next one as well.
  const struck = await atEveryEffect(async (effect) => {
    const world = smallWorld()
    const flow = new Flow(world, 'run-1', new Interruption(effect, 'after'))
    await flow.run()
    expect(outcomeOf(world), `${flow.struck}, effect ${effect}`).toEqual(expected)
    return flow.struck
  })
  expect([...struck].toSorted()).toEqual(Object.keys(functions).toSorted())
})

test('a run that is stopped after any effect is taken over by the next, which ends the same', async () => {
  const smooth = smallWorld()
  await new Flow(smooth, 'run-1').run()
  const expected = outcomeOf(smooth, { acrossRuns: true })

  await atEveryEffect(async (effect) => {
    const world = smallWorld()
    const flow = new Flow(world, 'run-1', new Interruption(effect, 'after'), true)
    await flow.run().catch(ignoreStop)
    if (flow.struck) await new Flow(world, 'run-2').run()
    expect(outcomeOf(world, { acrossRuns: true }), `${flow.struck}, effect ${effect}`).toEqual(expected)
    return flow.struck
  })
})
