import fc from 'fast-check'
import { beforeAll, describe, expect, test } from 'vitest'
import type { LogHead, SignedEntry } from '../../../lambdas/shared/domain/decision-log/entry.ts'
import type { Finding, Side } from '../../../lambdas/shared/domain/decision-log/finding.ts'
import { headOf, nextEntry } from '../../../lambdas/shared/domain/decision-log/seal-entry.ts'
import { verifyChain } from '../../../lambdas/shared/domain/decision-log/verify-chain.ts'
import { FakeSigner } from '../../support/fake-signer.ts'
import { draftNamed } from '../../support/log-drafts.ts'
import { byPlace, bytesOf, sealedChain } from '../../support/sealed-chain.ts'

const chain = 'places'
const signer = new FakeSigner()
const keys = new Map([[signer.key, signer.publicKey]])
const length = 6
let entries: SignedEntry[]
let others: SignedEntry[]
beforeAll(async () => {
  const drafts = Array.from({ length }, (_, n) =>
    draftNamed(`e${n}`, { reason: `caf\u00e9 \u{1f600} ${n} "\\` }),
  )
  entries = await sealedChain(chain, drafts, signer)
  others = await sealedChain('elsewhere', drafts, signer)
})

type SideOf = 'table' | 'copy'
/** The two sides of a log, and what somebody did to them. */
class Sides {
  readonly table = byPlace(entries)
  readonly copy = byPlace(entries)

  on(side: SideOf | 'both', change: (entries: Map<number, Uint8Array>) => void): this {
    if (side !== 'copy') change(this.table)
    if (side !== 'table') change(this.copy)
    return this
  }

  findings(heads: readonly LogHead[] = []): readonly Finding[] {
    return verifyChain({ chain, table: this.table, copies: this.copy, heads, keys }).findings
  }
}

const isAbout = (finding: Finding, place: number, side: SideOf | 'both') =>
  finding.entry === place &&
  (side === 'both'
    ? ['both', 'table', 'copy'].includes(finding.side)
    : ([side, 'both'] as Side[]).includes(finding.side))

const place = fc.integer({ min: 1, max: length })
const sides = fc.constantFrom<SideOf | 'both'>('table', 'copy', 'both')
const mails = fc.boolean()
const heads = (mailed: boolean) => (mailed ? [headOf(entries.at(-1))] : [])

test('a log that nobody touched has nothing to find', () => {
  expect(new Sides().findings([headOf(entries.at(-1)), headOf(entries[1]), headOf(undefined)])).toEqual([])
  const { entries: found } = verifyChain({
    ...{ chain, table: byPlace(entries), copies: byPlace(entries), heads: [], keys },
  })
  expect(found).toEqual(entries)
})

describe('located, with its side:', () => {
  test('any bit of any entry that is flipped', () => {
    fc.assert(
      fc.property(place, sides, fc.nat(), fc.integer({ min: 0, max: 7 }), (at, where, offset, bit) => {
        const changed = new Sides().on(where, (there) => {
          const bytes = Uint8Array.from(there.get(at) ?? [])
          const index = offset % bytes.length
          bytes[index] = (bytes[index] ?? 0) ^ (1 << bit)
          there.set(at, bytes)
        })
        expect(changed.findings()).toSatisfy((all: Finding[]) => all.some((one) => isAbout(one, at, where)))
      }),
      { numRuns: 600 },
    )
  })

  test('each byte of one entry, one after the other', () => {
    const original = bytesOf(entries[2] ?? expect.fail())
    for (let index = 0; index < original.length; index += 1) {
      const bytes = Uint8Array.from(original)
      bytes[index] = (bytes[index] ?? 0) ^ 1
      const found = new Sides().on('table', (there) => there.set(3, bytes)).findings()
      expect(found, `byte ${index}`).toMatchObject([{ kind: 'altered', side: 'table', entry: 3 }])
    }
  })

  test('an entry that is dropped', () => {
    fc.assert(
      fc.property(place, sides, mails, (at, where, mailed) => {
        const changed = new Sides().on(where, (there) => there.delete(at))
        const found = changed.findings(heads(mailed))
        // The last of both sides is gone without a trace in them: only what was mailed tells.
        if (where === 'both' && at === length) {
          expect(found).toMatchObject(mailed ? [{ kind: 'cut', side: 'mail', entry: at }] : [])
        } else expect(found.some((one) => isAbout(one, at, where))).toBe(true)
      }),
    )
  })

  test('a tail that is cut off', () => {
    fc.assert(
      fc.property(place, sides, (from, where) => {
        const changed = new Sides().on(where, (there) => {
          for (let at = from; at <= length; at += 1) there.delete(at)
        })
        const wanted = { kind: 'cut', side: where === 'both' ? 'mail' : where, entry: from }
        expect(changed.findings(heads(true))).toContainEqual(expect.objectContaining(wanted))
      }),
    )
  })

  test('entries that are swapped', () => {
    fc.assert(
      fc.property(place, place, sides, (one, other, where) => {
        fc.pre(one !== other)
        const changed = new Sides().on(where, (there) => {
          const [a, b] = [there.get(one), there.get(other)]
          if (a && b) there.set(one, b).set(other, a)
        })
        const found = changed.findings(heads(true))
        for (const at of [one, other]) expect(found.some((finding) => isAbout(finding, at, where))).toBe(true)
      }),
    )
  })

  test('an entry that is taken out while those behind it move up', () => {
    fc.assert(
      fc.property(place, sides, (at, where) => {
        const changed = new Sides().on(where, (there) => {
          for (let to = at; to < length; to += 1) there.set(to, there.get(to + 1) ?? new Uint8Array())
          there.delete(length)
        })
        const found = changed.findings(heads(true))
        expect(found.some((one) => one.entry === at)).toBe(true)
      }),
    )
  })

  test.each(['in the middle', 'at the end'])('an entry that is added %s', (whereabouts) => {
    const added = fc.constantFrom('copy of another', 'of another log', 'unsigned', 'garbage')
    fc.assert(
      fc.property(place, sides, added, mails, (from, where, what, mailed) => {
        const to = whereabouts === 'at the end' ? length + 1 : from
        const signed = nextEntry(chain, headOf(entries[to - 2]), draftNamed('forged'))
        const unsigned = { ...signed, signature: 'AAAA', algorithm: 'ECDSA_SHA_256', key: signer.key }
        const bytes = {
          'copy of another': bytesOf(entries[from % length] ?? expect.fail()),
          'of another log': bytesOf(others[to - 1] ?? others[0] ?? expect.fail()),
          unsigned: bytesOf(unsigned),
          garbage: Buffer.from('{}'),
        }[what]
        fc.pre(!entries[to - 1] || Buffer.compare(bytesOf(entries[to - 1] ?? expect.fail()), bytes) !== 0)
        const changed = new Sides().on(where, (there) => {
          for (let at = length; at >= to; at -= 1) there.set(at + 1, there.get(at) ?? new Uint8Array())
          there.set(to, bytes)
        })
        const found = changed.findings(heads(mailed))
        expect(found.some((one) => isAbout(one, to, where))).toBe(true)
      }),
    )
  })
})

test('an entry that another key has signed is not of this log, whichever key it names', async () => {
  const stranger = new FakeSigner()
  const forged = await sealedChain(chain, [draftNamed('forged')], stranger)
  const named = forged.map((signed) => ({ ...signed, key: 'arn:aws:kms:eu-west-1:1:key/other' }))
  for (const one of [forged, named]) {
    const found = verifyChain({ chain, table: byPlace(one), copies: byPlace(one), heads: [], keys }).findings
    expect(found).toMatchObject([
      { kind: 'added', side: 'table', entry: 1 },
      { kind: 'added', side: 'copy', entry: 1 },
    ])
  }
})

test('two entries that the key has signed for one place are named, and so is what does not follow', async () => {
  const fork = await sealedChain(chain, [draftNamed('e0'), draftNamed('other'), draftNamed('more')], signer)
  const [, second = expect.fail(), third = expect.fail()] = fork
  const forked = new Sides().on('copy', (there) => there.set(2, bytesOf(second)))
  expect(forked.findings()).toMatchObject([{ kind: 'forked', side: 'both', entry: 2 }])
  const inserted = new Sides().on('both', (there) => there.set(3, bytesOf(third)))
  expect(inserted.findings().map(({ kind, entry }) => [kind, entry])).toEqual([
    ['forked', 3],
    ['forked', 4],
  ])
})

test('a mail that tells another hash is believed', () => {
  const found = new Sides().findings([{ length: 3, hash: 'a'.repeat(64) }])
  expect(found).toMatchObject([{ kind: 'altered', side: 'mail', entry: 3 }])
})

test('what is different is named', () => {
  const found = new Sides()
    .on('table', (there) => {
      const text = Buffer.from(there.get(2) ?? []).toString()
      there.set(2, Buffer.from(text.replace('"role":"steward"', '"role":"owner"')))
    })
    .findings()
  expect(found).toEqual([
    {
      ...{ kind: 'altered', side: 'table', entry: 2 },
      message:
        'entry 2 in the table has another content than its hash is of; the other side differs in entry.event.role',
    },
  ])
})

test('the same content in another spelling is not what was written', async () => {
  const [, second = expect.fail()] = entries
  let padded = second
  while (!padded.signature.endsWith('='))
    padded = { ...second, ...(await signer.sign(Buffer.from(second.hash, 'hex'))) }
  const text = Buffer.from(bytesOf(padded)).toString()
  // The bits that base64 has left over at its end.
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'
  const respelt = padded.signature.replace(
    /([^=])(=+)$/,
    (_, last: string, end: string) => `${alphabet[alphabet.indexOf(last) ^ 1] ?? ''}${end}`,
  )
  const spellings = [
    `${text}\n`,
    text.replace(':', ': '),
    `{"z":1,${text.slice(1)}`,
    text.replace(padded.signature, respelt),
  ]
  for (const spelling of spellings) {
    const found = new Sides().on('both', (there) => there.set(2, Buffer.from(spelling))).findings()
    expect(found).toMatchObject([
      { kind: 'altered', side: 'table', entry: 2 },
      { kind: 'altered', side: 'copy', entry: 2 },
    ])
  }
})

test('an entry at the place of another is named by both numbers', () => {
  const found = new Sides()
    .on('copy', (there) => there.set(2, bytesOf(entries[4] ?? expect.fail())))
    .findings()
  expect(found).toEqual([
    { kind: 'moved', side: 'copy', entry: 2, message: 'entry 2 in the copies is entry 5, put in its place' },
  ])
})

test('whatever stands at a place far behind the end is named, and costs no more than itself', () => {
  const far = 999_999_999_999
  for (const bytes of [Buffer.from('x'), bytesOf(entries[4] ?? expect.fail())]) {
    const table = new Sides().on('table', (there) => there.set(far, bytes)).findings()
    expect(table).toMatchObject([{ kind: 'added', side: 'table', entry: far }])
    const both = new Sides().on('both', (there) => there.set(far, bytes)).findings()
    expect(both).toMatchObject([
      { kind: 'added', side: 'table', entry: far },
      { kind: 'added', side: 'copy', entry: far },
    ])
  }
})

test('entries that are gone from both sides are named as a range', () => {
  const found = new Sides()
    .on('both', (there) => [2, 3, 4].forEach((at) => there.delete(at)))
    .on('table', (there) => there.set(99, Buffer.from('x')))
    .findings()
  expect(found).toEqual([
    {
      ...{ kind: 'missing', side: 'both', entry: 2 },
      message: 'entries 2 to 4 are gone from the table and from the copies',
    },
    {
      ...{ kind: 'added', side: 'table', entry: 99 },
      message: 'entry 99 in the table was added behind the end of the log: it is no entry of a decision log',
    },
  ])
})

test('a text that has no canonical form is an altered entry, wherever it stands', () => {
  const text = Buffer.from(bytesOf(entries[1] ?? expect.fail())).toString()
  const spoilt = [
    text.replace('caf\u00e9', String.raw`caf\ud800`),
    text.replace('"signature":"', String.raw`"signature":"\ud800`),
  ]
  for (const one of spoilt) {
    expect(one).not.toBe(text)
    const found = new Sides().on('copy', (there) => there.set(2, Buffer.from(one))).findings()
    expect(found).toMatchObject([{ kind: 'altered', side: 'copy', entry: 2 }])
    expect(found[0]?.message).toContain('has an unpaired surrogate, which no entry can have')
  }
})
