import { expect, test } from 'vitest'
import { Flow } from '../../support/flow.ts'
import { Delay } from '../../support/interruptions.ts'
import type { FunctionName } from '../../support/run-world.ts'
import {
  atEveryEffect,
  ignoreStop,
  outcomeOf,
  redefine,
  smallWorld,
  type Compared,
} from '../../support/small-run.ts'

/**
 * Step Functions may take a call for dead whose function goes on, and stopping an execution does not stop its
 * functions: each effect of a run in turn comes late. An index of target keys that comes late may lack the marks of
 * duplicates, which have objects of their own: at worst they are found once more.
 */
const compared: Compared = { index: false }
const acrossRuns: Compared = { index: false, acrossRuns: true }

test('a late effect of an earlier attempt changes nothing', async () => {
  const expected = await undisturbed(compared)
  const ends = new Set<string>()
  await atEveryEffect(async (effect) => {
    const world = smallWorld()
    const delay = new Delay(effect)
    const flow = new Flow(world, 'run-1', delay)
    await flow.run()
    delay.wake()
    ends.add(await endOf(flow.late))
    expect(outcomeOf(world, compared), `${flow.struck}, effect ${effect}`).toEqual(expected)
    return flow.struck
  })
  expect([...ends].toSorted()).toEqual(['AttemptSuperseded', 'LockHeld', 'LockLost', 'done'])
})

test('nor does one of a run that was stopped, and each of its transitions ends in LockLost', async () => {
  const expected = await undisturbed(acrossRuns)
  const ends = new Map<FunctionName, Set<string>>()
  await atEveryEffect(async (effect) => {
    const world = smallWorld()
    const delay = new Delay(effect)
    const flow = new Flow(world, 'run-1', delay, true)
    await flow.run().catch(ignoreStop)
    if (!flow.struck) return undefined
    await new Flow(world, 'run-2').run()
    delay.wake()
    ends.set(flow.struck, (ends.get(flow.struck) ?? new Set()).add(await endOf(flow.late)))
    expect(outcomeOf(world, acrossRuns), `${flow.struck}, effect ${effect}`).toEqual(expected)
    return flow.struck
  })
  // What is missing here has no transition: it writes objects that are named by their run, or are always the same.
  const refused = [...ends].filter(([, seen]) => seen.has('LockLost')).map(([name]) => name)
  expect(refused.toSorted()).toEqual([
    ...['act', 'awaitDecision', 'beginStage', 'extract', 'findDuplicates', 'freezeManifest', 'judge', 'load'],
    ...['reconcile', 'selectBatches', 'surveySource', 'transform'],
  ])
})

test.each(['the same', 'another'] as const)(
  'what a stopped rehearsal stages late is not loaded by the next run, under %s definition',
  async (definition) => {
    const upper = ({ name }: { readonly name: string }) => name.toUpperCase()
    const naming = definition === 'another' ? upper : ({ name }: { readonly name: string }) => name
    const smooth = smallWorld(undefined, naming)
    await new Flow(smooth, 'run-1').run()

    await atEveryEffect(async (effect) => {
      const world = smallWorld()
      const delay = new Delay(effect)
      const flow = new Flow(world, 'run-1', delay, true)
      await flow.run().catch(ignoreStop)
      if (flow.struck === undefined || flow.struck === 'summarise') return undefined
      if (definition === 'another') redefine(world, naming)
      let isLoading = false
      world.beforeCall = async (name) => {
        if (name !== 'load' || isLoading) return
        isLoading = true
        delay.wake()
        await endOf(flow.late)
      }
      await new Flow(world, 'run-2').run()
      expect(outcomeOf(world).target, `${flow.struck}, effect ${effect}`).toEqual(outcomeOf(smooth).target)
      return flow.struck
    })
  },
)

test('a load of a source that was replaced ends in LockLost before it writes, also of a batch that nobody claims any more', async () => {
  const replaced = 'id,name\n7,seven\n8,eight\n9,nine\n'
  const smooth = smallWorld(replaced)
  await new Flow(smooth, 'run-1').run()

  await atEveryEffect(async (effect) => {
    const world = smallWorld()
    const delay = new Delay(effect)
    const flow = new Flow(world, 'run-1', delay, true)
    await flow.run().catch(ignoreStop)
    const isLoaded = [...world.checkpoints.items.values()].some(({ state }) => state === 'loading')
    if (flow.struck === undefined || isLoaded) return undefined
    world.source.put('a/1.csv', replaced)
    world.beforeCall = async (name) => {
      if (name !== 'selectBatches') return
      delay.wake()
      await endOf(flow.late)
    }
    await new Flow(world, 'run-2').run()
    expect(outcomeOf(world).target, `${flow.struck}, effect ${effect}`).toEqual(outcomeOf(smooth).target)
    return flow.struck
  })
})

async function undisturbed(what: Compared): Promise<unknown> {
  const world = smallWorld()
  await new Flow(world, 'run-1').run()
  return outcomeOf(world, what)
}

async function endOf(work: Promise<unknown> | undefined): Promise<string> {
  try {
    await work
    return 'done'
  } catch (error) {
    return error instanceof Error ? error.name : String(error)
  }
}
