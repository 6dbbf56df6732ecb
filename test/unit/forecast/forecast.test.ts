import { readFile } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { z } from 'zod'
import { effort, type StageSummary } from '../../../lambdas/shared/domain/evidence.ts'
import { actualEffort } from '../../../lambdas/shared/domain/forecast/actual-effort.ts'
import { transitions } from '../../../lambdas/shared/domain/forecast/assumptions.ts'
import { basisOf } from '../../../lambdas/shared/domain/forecast/basis.ts'
import { forecastStage } from '../../../lambdas/shared/domain/forecast/forecast-stage.ts'
import type {
  Circumstances,
  Rehearsed,
  StageWork,
} from '../../../lambdas/shared/domain/forecast/stage-work.ts'
import { pricedUnits } from '../../../lambdas/shared/domain/forecast/units.ts'
import { pilotSummary } from '../../support/stage-summaries.ts'

const memory = { extract: 1_024, transform: 1_024, load: 1_024, reconcile: 1_024 }
const around: Circumstances = { concurrency: 20, memoryMiB: memory, readsFirst: false }
/** A million records in 100 batches: 1,000 s of functions in 60 s, ten at once. */
const rehearsed: Rehearsed = {
  ...{ records: 1_000_000, seconds: 100 },
  milliseconds: { extract: 300_000, transform: 400_000, load: 0, reconcile: 300_000 },
}
const work = (changes: Partial<StageWork> = {}): StageWork => ({
  ...{ stage: 'pilot', batches: 10, records: 100_000, scannedBytes: 0 },
  mapped: { records: 100_000, writeUnits: 200_000, readUnits: 100_000 },
  ...changes,
})
const units = (of: ReturnType<typeof pricedUnits>) =>
  Object.fromEntries(of.parts.map(({ what, units: count }) => [what, count]))

test('a million of each unit has its list price', () => {
  const million = { writeUnits: 1e6, readUnits: 1e6, gigabyteSeconds: 1e6, requests: 1e6, transitions: 1e6 }
  const { usd, parts } = pricedUnits(million)
  expect(parts.map(({ what, usd: price }) => [what, price])).toEqual([
    ['DynamoDB write units', 0.625],
    ['DynamoDB read units', 0.125],
    ['Lambda GB-seconds', 16.6667],
    ['Lambda requests', 0.2],
    ['Step Functions transitions', 25],
  ])
  expect(usd).toBeCloseTo(42.6167, 6)
})

test('a stage is forecast from what rehearse took, and from what a new table takes', () => {
  const forecast = effort.parse(forecastStage(work(), rehearsed, around))
  // Ten batches at once. 200,000 units at 4,000 a second; 100,000 records reconciled in 30 s and read in 10 s.
  expect(forecast).toMatchObject({ stage: 'pilot', records: 100_000, seconds: 50 + 4 })
  expect(units(forecast)).toEqual({
    'DynamoDB write units': 200_000,
    'DynamoDB read units': 100_000,
    'Lambda GB-seconds': 10 * 50 + 40,
    'Lambda requests': 46,
    'Step Functions transitions': 10 * transitions.ofBatch + transitions.ofStage,
  })
})

test('few batches are not spread over more functions than there are', () => {
  const one = forecastStage(work({ batches: 1 }), rehearsed, around)
  // One function writes a thousand items a second.
  expect(one.seconds).toBe(100 + 40)
})

test('a target that holds records is read first, and a full stage ends with a scan', () => {
  const reads = (forecast: ReturnType<typeof forecastStage>) => units(forecast)['DynamoDB read units']
  expect(reads(forecastStage(work(), rehearsed, { ...around, readsFirst: true }))).toBe(200_000)
  expect(reads(forecastStage(work({ scannedBytes: 40_960_000 }), rehearsed, around))).toBe(110_000)
})

test('what a stage takes beside its batches is in the forecast of each', () => {
  const small = {
    ...rehearsed,
    records: 1_000,
    milliseconds: { extract: 500, transform: 300, load: 0, reconcile: 200 },
  }
  // 1 s of work in 100 s: the rest is the stage's own.
  expect(
    forecastStage(work({ records: 0, mapped: { records: 0, writeUnits: 0, readUnits: 0 } }), small, around)
      .seconds,
  ).toBe(99)
  expect(forecastStage(work({ batches: 0 }), small, around).seconds).toBe(0)
})

test('what a stage took: time as measured, units by what was written and compared', () => {
  const done: StageSummary = pilotSummary({
    records: 100_000,
    batches: { total: 10, done: 9, failed: 1, unfinished: 0 },
    ledger: { ...pilotSummary().ledger, loaded: 40_000, conflicted: 10_000, unchanged: 0 },
    reconciliation: { ...pilotSummary().reconciliation, compared: 50_000 },
  })
  const spent = { extract: 0, transform: 0, load: 90_000, reconcile: 10_000 }
  const actual = effort.parse(actualEffort(work(), done, spent, around))
  expect(actual).toMatchObject({ stage: 'pilot', records: 100_000, seconds: 20 })
  expect(units(actual)).toMatchObject({
    'DynamoDB write units': 100_000,
    'DynamoDB read units': 50_000,
    'Lambda GB-seconds': 100,
    'Lambda requests': 46,
  })
})

test('the words say what was measured, and what was not', () => {
  const words = basisOf(rehearsed, { records: 1_000_000, bytes: 3e8, writeUnits: 1_000_000 }, around)
  expect(words).toHaveLength(4)
  expect(words[0]).toContain('1,000,000 records through all steps but the load at 10,000 a second')
  expect(words[1]).toContain('1,000,000 items of 300 bytes')
  expect(words[2]).toContain('Loading was not measured, because rehearse writes nothing')
})

const states = z.record(
  z.string(),
  z.looseObject({
    Next: z.string().optional(),
    Default: z.string().optional(),
    Choices: z.array(z.looseObject({ Condition: z.string(), Next: z.string() })).optional(),
  }),
)
const machine = z.looseObject({
  States: z.looseObject({
    ProcessBatches: z.looseObject({
      ItemProcessor: z.looseObject({ StartAt: z.string(), States: states }),
    }),
  }),
})

test('the transitions of a batch are those of the state machine', async () => {
  const text = await readFile('statemachines/stage.asl.json', 'utf8')
  const { StartAt, States } = machine.parse(JSON.parse(text)).States.ProcessBatches.ItemProcessor
  let count = 0
  for (let name: string | undefined = StartAt; name !== undefined; count += 1) {
    const state: z.infer<typeof states>[string] | undefined = States[name]
    const onLoad: string | undefined = state?.Choices?.find(({ Condition }) =>
      Condition.includes('.loads'),
    )?.Next
    name = onLoad ?? state?.Next ?? state?.Default
  }
  // One more starts the execution.
  expect(transitions.ofBatch).toBe(count + 1)
})
