import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { decisionLog } from '../../../lambdas/shared/adapters/decision-log/decision-log.ts'
import { readStored, storedText } from '../../../lambdas/shared/domain/decision-log/seal-entry.ts'
import { noHash, type SignedEntry } from '../../../lambdas/shared/domain/decision-log/entry.ts'
import { evidenceKeys } from '../../../lambdas/shared/domain/object-keys.ts'
import type { DecisionLog } from '../../../lambdas/shared/ports/decision-log.ts'
import { FakeLogStore } from '../../support/fake-log-store.ts'
import { FakeObjectStore } from '../../support/fake-object-store.ts'
import { FakeSigner } from '../../support/fake-signer.ts'
import { Interruption } from '../../support/interruptions.ts'
import { draftNamed } from '../../support/log-drafts.ts'

const chain = 'places'
const signer = new FakeSigner()

class World {
  readonly entries = new FakeLogStore()
  readonly copies = new FakeObjectStore('evidence')

  /** A process that appends, and dies as `interruption` says. */
  log(interruption = new Interruption()): DecisionLog {
    return decisionLog({
      entries: interruption.of(this.entries, 'newest', 'entry', 'put', 'marked', 'mark'),
      copies: interruption.of(this.copies, 'create'),
      signer: interruption.of(signer, 'sign'),
    })
  }

  /** The entries, of which each but the newest is complete and follows the one before. */
  sound(): SignedEntry[] {
    const texts = [...(this.entries.chains.get(chain) ?? [])]
    const found = texts.map(([sequence, text]) => readStored(text, chain, sequence))
    expect(found.map(({ entry }) => entry.sequence)).toEqual(found.map((_, n) => n + 1))
    expect(found.map(({ entry }) => entry.previous)).toEqual([
      noHash,
      ...found.slice(0, -1).map(({ hash }) => hash),
    ])
    for (const signed of found.slice(0, -1)) this.expectComplete(signed)
    const ids = found.map(({ entry }) => entry.event.id)
    expect(new Set(ids).size).toBe(ids.length)
    return found
  }

  expectComplete(signed: SignedEntry): void {
    const { sequence, event } = signed.entry
    expect(this.copies.text(evidenceKeys.logEntry(chain, sequence))).toBe(storedText(signed))
    expect(this.entries.marks.get(chain)?.get(event.id)).toBe(sequence)
  }
}

const idsOf = (entries: readonly SignedEntry[]) => entries.map(({ entry }) => entry.event.id)

describe('a process that dies while it appends', () => {
  const whole = async () => {
    const counted = new Interruption()
    await new World().log(counted).append(chain, draftNamed('b'))
    return counted.effects
  }

  test.each(['before', 'after'] as const)(
    '%s any call loses no event, no copy and no place, whoever comes next',
    async (when) => {
      const calls = await whole()
      expect(calls).toBe(6)
      // One more where there is an entry before, whose mark is looked for.
      for (let last = 1; last <= calls + 1; last += 1) {
        for (const next of ['b', 'c']) {
          const world = new World()
          await world.log().append(chain, draftNamed('a'))
          const dying = world.log(new Interruption(last, when)).append(chain, draftNamed('b'))
          await expect(dying).rejects.toMatchObject({ name: 'Crash' })
          world.sound()
          await world.log().append(chain, draftNamed(next))
          await world.log().append(chain, draftNamed('b'))
          const entries = world.sound()
          expect(idsOf(entries).toSorted()).toEqual(next === 'b' ? ['a', 'b'] : ['a', 'b', 'c'])
          for (const signed of entries) world.expectComplete(signed)
        }
      }
    },
  )

  test('again and again gets on in the end', async () => {
    for (let last = 1; last <= 7; last += 1) {
      const world = new World()
      for (const id of ['a', 'b', 'c', 'd']) {
        await world
          .log(new Interruption(last, 'after'))
          .append(chain, draftNamed(id))
          .catch(() => undefined)
        await world.log().append(chain, draftNamed(id))
      }
      const entries = world.sound()
      expect(idsOf(entries)).toEqual(['a', 'b', 'c', 'd'])
      for (const signed of entries) world.expectComplete(signed)
    }
  })
})

test('however the calls of several appenders interleave, each event has one place, and no entry lacks its copy', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.scheduler(),
      fc.array(fc.array(fc.constantFrom('a', 'b', 'c', 'd'), { minLength: 1, maxLength: 3 }), {
        minLength: 2,
        maxLength: 4,
      }),
      async (scheduler, appenders) => {
        const world = new World()
        const scheduled = <T extends object>(port: T): T =>
          new Proxy(port, {
            get: (target, name) => {
              const value: unknown = Reflect.get(target, name, target)
              if (typeof value !== 'function') return value
              return async (...args: unknown[]): Promise<unknown> => {
                await scheduler.schedule(Promise.resolve(), String(name))
                return Reflect.apply(value, target, args) as unknown
              }
            },
          })
        const log = decisionLog({
          entries: scheduled(world.entries),
          copies: scheduled(world.copies),
          signer: { sign: async () => ({ signature: 'none', algorithm: 'none', key: 'none' }) },
        })
        const appending = appenders.map(async (ids) => {
          for (const id of ids) await log.append(chain, draftNamed(id))
        })
        await scheduler.waitFor(Promise.all(appending))
        const entries = world.sound()
        expect(idsOf(entries).toSorted()).toEqual([...new Set(appenders.flat())].toSorted())
        for (const signed of entries) world.expectComplete(signed)
      },
    ),
    { numRuns: 300 },
  )
})

test('nothing is chained to an entry that was altered', async () => {
  const world = new World()
  await world.log().append(chain, draftNamed('a'))
  const texts = world.entries.chains.get(chain)
  const text = texts?.get(1) ?? ''
  texts?.set(1, text.replace('the figures agree', 'the figures differ'))
  const refusal = { name: 'DecisionLogAltered' }
  await expect(world.log().append(chain, draftNamed('b'))).rejects.toMatchObject(refusal)
  await expect(world.log().head(chain)).rejects.toMatchObject(refusal)
  for (const altered of [`${text} `, text.replace('the figures', String.raw`\ud800`)]) {
    texts?.set(1, altered)
    await expect(world.log().append(chain, draftNamed('b'))).rejects.toMatchObject(refusal)
  }
})

test('a mark that points at the entry of another event hides none', async () => {
  const world = new World()
  await world.log().append(chain, draftNamed('a'))
  await world.entries.mark(chain, 'b', 1)
  await expect(world.log().append(chain, draftNamed('b'))).rejects.toMatchObject({
    name: 'DecisionLogAltered',
  })
})
