import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { imbalance, type Ledger, type OpenEnds } from '../../../lambdas/shared/domain/ledger.ts'
import { flowLayout, type Flow } from '../../../lambdas/shared/domain/page/flow-layout.ts'
import { ledgerFlow } from '../../../lambdas/shared/domain/page/ledger-flow.ts'

const count = fc.oneof(
  fc.constant(0),
  fc.integer({ min: 1, max: 9 }),
  fc.integer({ min: 0, max: 1_000_000_000 }),
)
const reasons = fc.dictionary(fc.string({ minLength: 1, maxLength: 30 }), count, { maxKeys: 9 })
const sum = (counts: readonly number[]) => counts.reduce((a, b) => a + b, 0)

/** Ledgers that add up, of stages that load and of those that only rehearse. */
const balanced = fc
  .record({
    filtered: reasons,
    quarantined: reasons,
    loaded: count,
    unchanged: count,
    conflicted: count,
    loads: fc.boolean(),
  })
  .map(({ loads, filtered, quarantined, loaded, unchanged, conflicted }) => {
    const mapped = loaded + unchanged + conflicted
    const extracted = mapped + sum(Object.values(filtered)) + sum(Object.values(quarantined))
    const written = loads ? { loaded, unchanged, conflicted } : { loaded: 0, unchanged: 0, conflicted: 0 }
    return { loads, ledger: { extracted, mapped, filtered, quarantined, ...written } }
  })

/** Any ledger, whether it adds up or not. */
const any = fc.record({
  loads: fc.boolean(),
  ledger: fc.record({
    extracted: count,
    mapped: count,
    filtered: reasons,
    quarantined: reasons,
    loaded: count,
    unchanged: count,
    conflicted: count,
  }),
})

const width = ([top, bottom]: readonly [number, number]) => bottom - top

/** Bands leave a node without gap or overlap, fill it exactly, and arrive as wide as they left. */
function expectToAddUp({ nodes, bands }: Flow): void {
  for (const band of bands) {
    expect(width(band.from)).toBeCloseTo(width(band.to), 6)
    expect(band.to[0]).toBeGreaterThanOrEqual(
      nodes.find(({ name, x }) => name === band.of && x < band.x1)?.y ?? 0,
    )
  }
  for (const node of nodes) {
    const leaving = bands.filter(({ of, x0 }) => of === node.name && x0 === node.x + 12)
    if (leaving.length > 0) {
      expect(sum(leaving.map(({ from }) => width(from)))).toBeCloseTo(node.height, 6)
      expect(leaving[0]?.from[0]).toBeCloseTo(node.y, 6)
      leaving.slice(1).forEach(({ from }, at) => expect(from[0]).toBeCloseTo(leaving[at]?.from[1] ?? NaN, 6))
    }
  }
}

function expectNoOverlap({ nodes, height }: Flow): void {
  for (const x of new Set(nodes.map((node) => node.x))) {
    const column = nodes.filter((node) => node.x === x).sort((a, b) => a.y - b.y)
    column.slice(1).forEach((node, at) => {
      const above = column[at]
      expect(node.y).toBeGreaterThan((above?.y ?? 0) + (above?.height ?? 0))
    })
    for (const node of column) expect(node.y + node.height).toBeLessThanOrEqual(height)
  }
}

describe('the picture of any ledger that adds up', () => {
  test('adds up: in widths, and in the counts of what each bar is made of', () => {
    fc.assert(
      fc.property(balanced, ({ ledger, loads }) => {
        expect(imbalance(ledger, loads)).toBeUndefined()
        const flow = flowLayout(ledger, loads)
        expectToAddUp(flow)
        expectNoOverlap(flow)
        for (const name of ['extracted', 'mapped', 'filtered', 'quarantined']) {
          const parts = flow.bands.filter(({ of }) => of === name)
          const node = flow.nodes.find((one) => one.name === name && !one.isReason)
          if (node && parts.length > 0) expect(sum(parts.map((band) => band.count))).toBe(node.count)
        }
        expect(flow.nodes.some(({ name }) => name.includes('lost'))).toBe(false)
      }),
    )
  })

  test('shows more as more, and what is there at all as something', () => {
    fc.assert(
      fc.property(balanced, ({ ledger, loads }) => {
        const { nodes, bands } = flowLayout(ledger, loads)
        const inner = new Set(bands.map(({ of }) => of))
        const leaves = nodes.filter(({ name, isReason }) => isReason || !inner.has(name))
        for (const leaf of leaves) if (leaf.count > 0) expect(leaf.height).toBeGreaterThanOrEqual(3)
        const sorted = leaves.toSorted((a, b) => a.count - b.count)
        sorted.slice(1).forEach((leaf, at) => {
          expect(leaf.height).toBeGreaterThanOrEqual((sorted[at]?.height ?? 0) - 1e-9)
        })
      }),
    )
  })
})

describe('the picture of a ledger that does not add up', () => {
  test('is drawn all the same, adds up in widths, and shows what is lost as a part of its own', () => {
    fc.assert(
      fc.property(any, ({ ledger, loads }) => {
        const flow = flowLayout(ledger, loads)
        expectToAddUp(flow)
        expectNoOverlap(flow)
        const sorted =
          ledger.mapped + sum(Object.values(ledger.filtered)) + sum(Object.values(ledger.quarantined))
        const lost = flow.nodes.find(({ name }) => name === 'extracted, then lost')
        expect(lost?.count ?? 0).toBe(Math.max(0, ledger.extracted - sorted))
        expect(ledgerFlow(ledger, loads).toString()).not.toMatch(
          / (?:d|x|y|width|height|viewBox)="[^"]*(?:NaN|Infinity|undefined)/,
        )
      }),
    )
  })
})

test('what failed batches left open is drawn and told as that, and not as lost', () => {
  const ledger = { ...pilot, extracted: pilot.extracted + 5, loaded: pilot.loaded - 3 }
  const counts = (failed: OpenEnds) =>
    flowLayout(ledger, true, failed)
      .nodes.filter(({ name }) => /lost|failed/.test(name))
      .map(({ name, count }) => `${count} ${name}`)
      .toSorted()
  expect(counts({ unsorted: 5, unwritten: 3 })).toEqual(['3 in failed batches', '5 in failed batches'])
  expect(counts({ unsorted: 0, unwritten: 2 })).toEqual([
    ...['1 mapped, then lost', '2 in failed batches', '5 extracted, then lost'],
  ])
  expect(imbalance(ledger, true, { unsorted: 5, unwritten: 3 })).toBeUndefined()
  expect(imbalance(ledger, true, { unsorted: 5, unwritten: 2 })).toMatch(/and 2 in failed batches$/)
})

const pilot: Ledger = {
  extracted: 1000,
  mapped: 990,
  filtered: { closed: 4 },
  quarantined: { RaggedRow: 1, a: 1, b: 1, c: 1, d: 2 },
  loaded: 988,
  unchanged: 0,
  conflicted: 2,
}

test('names each part, the larger reasons one by one, and the others together', () => {
  const { nodes } = flowLayout(pilot, true)
  expect(nodes.map(({ name, count }) => `${count} ${name}`).sort()).toEqual(
    [
      ...[
        '1000 extracted',
        '990 mapped',
        '988 loaded',
        '2 conflicted',
        '4 filtered',
        '4 closed',
        '6 quarantined',
      ],
      ...['2 d', '1 RaggedRow', '1 a', '2 2 other reasons'],
    ].sort(),
  )
})

test('a stage that writes nothing has no third column but for reasons', () => {
  const ledger = { ...pilot, loaded: 0, conflicted: 0 }
  const { nodes } = flowLayout(ledger, false)
  expect(
    nodes
      .filter(({ isReason }) => !isReason)
      .map(({ name }) => name)
      .sort(),
  ).toEqual(['extracted', 'mapped', 'filtered', 'quarantined'].sort())
})
