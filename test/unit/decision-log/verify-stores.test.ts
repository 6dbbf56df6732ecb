import { expect, test } from 'vitest'
import { sha256 } from '../../../lambdas/shared/domain/digest.ts'
import { markKey, placeKey } from '../../../lambdas/shared/domain/decision-log/item-keys.ts'
import { placeOfCopy, readPartition } from '../../../lambdas/shared/domain/decision-log/read-partition.ts'
import { verifyMarks } from '../../../lambdas/shared/domain/decision-log/verify-marks.ts'
import { verifyObject, type StoredObject } from '../../../lambdas/shared/domain/decision-log/verify-object.ts'
import { FakeSigner } from '../../support/fake-signer.ts'
import { draftNamed } from '../../support/log-drafts.ts'
import { bytesOf, sealedChain } from '../../support/sealed-chain.ts'

const entries = await sealedChain(
  'places',
  ['a', 'b', 'c'].map((id) => draftNamed(id)),
  new FakeSigner(),
)
const markOf = (id: string, sequence: number) => ({ key: markKey(id), id, sequence })
const marks = [markOf('a', 1), markOf('b', 2), markOf('c', 3)]
const entryItems = entries.map((signed) => ({
  ...{ pk: 'LOG#places', sk: placeKey(signed.entry.sequence), sequence: signed.entry.sequence },
  text: Buffer.from(bytesOf(signed)).toString(),
}))
const markItems = marks.map(({ key, id, sequence }) => ({ pk: 'LOG#places', sk: key, id, sequence }))

test('a partition is entries and marks', () => {
  const read = readPartition([...entryItems, ...markItems])
  expect([...read.entries.keys()]).toEqual([1, 2, 3])
  expect(read.marks).toEqual(marks)
  expect(read.findings).toEqual([])
})

test.each([
  [
    { ...entryItems[1], sequence: 3 },
    { kind: 'altered', entry: 2 },
  ],
  [
    { ...entryItems[1], text: 5 },
    { kind: 'altered', entry: 2 },
  ],
  [
    { ...entryItems[1], note: 'more' },
    { kind: 'altered', entry: 2 },
  ],
  [
    { ...entryItems[1], sk: 'ENTRY#2' },
    { kind: 'added', at: 'ENTRY#2' },
  ],
  [
    { ...markItems[1], note: 'more' },
    { kind: 'added', at: markKey('b') },
  ],
  [
    { pk: 'LOG#places', sk: 'NOTE' },
    { kind: 'added', at: 'NOTE' },
  ],
])('an item that the log does not write is named: %j', (item, finding) => {
  expect(readPartition([item]).findings).toMatchObject([{ side: 'table', ...finding }])
})

test('a copy has the name of its place', () => {
  expect(placeOfCopy('places', 'decision-log/places/000000000012.json')).toBe(12)
  for (const key of ['12.json', '000000000000.json', '000000000012.json.bak', 'x/000000000012.json'])
    expect(placeOfCopy('places', `decision-log/places/${key}`)).toBeUndefined()
})

test('marks agree with entries', () => {
  expect(verifyMarks(marks, entries)).toEqual([])
  expect(verifyMarks([], [])).toEqual([])
})

test.each([
  ['a mark that is gone', [marks[0], marks[2]], [{ kind: 'missing', side: 'mark', entry: 2 }]],
  [
    'a mark of another place',
    [marks[0], markOf('b', 3), marks[2]],
    [{ kind: 'altered', side: 'mark', entry: 2 }],
  ],
  ['a mark of another event', [...marks, markOf('x', 2)], [{ kind: 'added', side: 'mark', entry: 2 }]],
  ['a mark behind the end', [...marks, markOf('x', 4)], [{ kind: 'cut', side: 'mark', entry: 4 }]],
  [
    'a mark under another key',
    [...marks, { key: markKey('y'), id: 'a', sequence: 1 }],
    [{ kind: 'added', side: 'mark', entry: 1 }],
  ],
])('%s is named', (_, there, findings) => {
  expect(
    verifyMarks(
      there.flatMap((mark) => mark ?? []),
      entries,
    ),
  ).toMatchObject(findings)
})

test('an object is what was recorded: every bit of it', () => {
  const content = Buffer.from('{"a":1}')
  const stored: StoredObject = { key: 'evidence/1.json', content, locked: true, later: [] }
  expect(verifyObject('evidence', stored, sha256(content), 4)).toEqual([])
  for (let bit = 0; bit < content.length * 8; bit += 1) {
    const flipped = Buffer.from(content)
    flipped[bit >> 3] = (flipped[bit >> 3] ?? 0) ^ (1 << (bit & 7))
    const found = verifyObject('evidence', { ...stored, content: flipped }, sha256(content), 4)
    expect(found).toMatchObject([{ kind: 'altered', side: 'evidence', entry: 4, at: 'evidence/1.json' }])
  }
  const gone = { ...stored, content: undefined }
  expect(verifyObject('evidence', gone, sha256(content), 4)).toMatchObject([{ kind: 'missing', entry: 4 }])
})

test('an object that is not locked, or that something hides, is named', () => {
  const content = Buffer.from('x')
  const later = [
    { version: 'v2', isDeleteMarker: false, at: '2026-01-02T00:00:00.000Z' },
    { version: 'v3', isDeleteMarker: true, at: '2026-01-03T00:00:00.000Z' },
  ]
  const found = verifyObject(
    'evidence',
    { key: 'k', content, locked: false, later },
    sha256(content),
    undefined,
  )
  expect(found.map(({ kind }) => kind)).toEqual(['unlocked', 'hidden', 'hidden'])
  expect(found[2]?.message).toBe('k is hidden by a delete marker of 2026-01-03T00:00:00.000Z (version v3)')
})
