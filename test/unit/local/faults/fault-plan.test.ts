import { expect, test } from 'vitest'
import { faultPlan, type FaultOptions, type PlannedFault } from '../../../../local/faults/fault-plan.ts'
import { kinds, type Store } from '../../../../local/faults/kinds.ts'

const stores = Object.keys(kinds) as Store[]
const calls = 20_000

function plan(store: Store, options: Partial<FaultOptions> = {}): (PlannedFault | undefined)[] {
  const next = faultPlan({ share: 0.2, seed: 7, ...options }, store)
  return Array.from({ length: calls }, () => next())
}

test.each(stores)('%s: the same seed gives the same faults, another seed others', (store) => {
  expect(plan(store)).toEqual(plan(store))
  expect(plan(store, { seed: 8 })).not.toEqual(plan(store))
})

test('each store has a sequence of its own', () => {
  const [one, other] = stores.map((store) => plan(store).map((planned) => planned !== undefined))
  expect(one).not.toEqual(other)
})

test.each(stores)('%s: as many calls fail as were asked for, and half of them take effect', (store) => {
  const faults = plan(store).filter((planned) => planned !== undefined)
  expect(faults.length / calls).toBeCloseTo(0.2, 1.9)
  expect(faults.filter(({ when }) => when === 'after').length / faults.length).toBeCloseTo(0.5, 1.5)
  expect(plan(store, { share: 0 }).some((planned) => planned)).toBe(false)
  expect(plan(store, { share: 1 }).every((planned) => planned)).toBe(true)
})

test.each(stores)('%s: every kind of fault occurs', (store) => {
  const seen = { before: new Set<unknown>(), after: new Set<unknown>() }
  for (const planned of plan(store)) if (planned) seen[planned.when].add(planned.fault)
  expect([...seen.before]).toEqual(expect.arrayContaining([...kinds[store].before]))
  expect([...seen.after]).toEqual(expect.arrayContaining([...kinds[store].after]))
})

test.each(stores)('%s: a larger share disturbs the same calls, and more of them', (store) => {
  const more = plan(store, { share: 0.4 })
  plan(store).forEach((planned, i) => {
    if (planned) expect(more[i]).toEqual(planned)
  })
})
