import { gzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import {
  atMost,
  defineMigration,
  defineSegment,
  dynamoDb,
  full,
  rehearse,
  s3Delimited,
  s3Ndjson,
} from '#lockgate'
import type { SourceSpec } from '../../../lambdas/shared/domain/definition/source.ts'
import { unpackQuarantine } from '../../../lambdas/shared/domain/frames.ts'
import { total } from '../../../lambdas/shared/domain/ledger.ts'
import { StageWorld } from '../../support/stage-world.ts'

const Row = z.object({ id: z.string(), name: z.string() })
const csv = s3Delimited({ at: 'export', prefix: 'a/', record: Row })
const ndjson = s3Ndjson({ at: 'export', prefix: 'a/', record: Row })

type Files = Record<string, string | Buffer>

function world(files: Files, source: SourceSpec = csv): StageWorld {
  const segment = (name: string, from: SourceSpec) =>
    defineSegment({
      ...{ name, owner: 'tests', source: from, stages: [rehearse(), full()] },
      target: dynamoDb({ at: name, record: z.object({ pk: z.string(), name: z.string() }), key: ['pk'] }),
      map: { pk: (row) => Row.parse(row).id, name: (row) => Row.parse(row).name },
      criteria: { quarantineRate: atMost(0.5) },
      slicing: { batchBytes: 30, chunkRecords: 2 },
    })
  const other = { ...csv, prefix: 'b/' }
  const gate = { quorum: { steward: 1 } }
  const segments = [segment('a', source), segment('b', other)]
  return new StageWorld(defineMigration({ name: 'm', segments, gate }), {
    a: files,
    b: { 'b/1.csv': 'id,name\n1,one\n' },
  })
}

const good = 'id,name\n1,one\n2,two\n3,three\n4,four\n5,five\n6,six\n'
const utf16 = (text: string) => Buffer.from(`\ufeff${text}`, 'utf16le')

const refused: Record<string, [name: string, said: RegExp, files: Files]> = {
  'no object': ['SourceMissing', /Upload the export|nothing lies/, {}],
  'objects elsewhere alone': ['SourceMissing', /a\//, { 'other/1.csv': good }],
  'an object of zero bytes': ['SourceEmpty', /empty/, { 'a/1.csv': '' }],
  'a header alone': ['SourceEmpty', /no record in a\/1\.csv/, { 'a/1.csv': 'id,name\n' }],
  'blank lines alone': ['SourceEmpty', /no record in a\/1\.csv/, { 'a/1.csv': '\n\r\n' }],
  'UTF-16 with a byte order mark': [
    'EncodingMismatch',
    /a\/1\.csv.*UTF-16.*iconv/,
    { 'a/1.csv': utf16(good) },
  ],
  'Latin-1 in the header': [
    'EncodingMismatch',
    /a\/1\.csv.*header row/,
    { 'a/1.csv': Buffer.from('id,name,stra\u00dfe\n1,one,x\n', 'latin1') },
  ],
  'a header that lacks a column': ['HeaderMismatch', /a\/1\.csv lacks name/, { 'a/1.csv': 'id\n1\n' }],
  'a header in which a column has another name': [
    'HeaderMismatch',
    /a\/1\.csv lacks name.*renamed/,
    { 'a/1.csv': 'id,Name\n1,one\n' },
  ],
  'a header with a name twice': [
    'HeaderMismatch',
    /name 3 repeats name 1/,
    { 'a/1.csv': 'id,name,id\n1,one,2\n' },
  ],
  'a second object with another header': [
    'HeaderMismatch',
    /a\/1\.csv and a\/2\.csv/,
    { 'a/1.csv': good, 'a/2.csv': 'id,name,more\n7,seven,x\n' },
  ],
  'a gzip object that was cut off': [
    'GzipDamaged',
    /a\/1\.csv\.gz/,
    { 'a/1.csv.gz': gzipSync(good).subarray(0, -10) },
  ],
  'a gzip object that is damaged': [
    'GzipDamaged',
    /a\/1\.csv\.gz/,
    { 'a/1.csv.gz': Buffer.concat([gzipSync(good).subarray(0, 12), Buffer.alloc(40, 7)]) },
  ],
  'a quote that is open at the end': [
    'UnterminatedQuote',
    /a\/1\.csv: a quote in the record at line 8, byte 48 /,
    { 'a/1.csv': `${good}7,"seven` },
  ],
  'a quote in the middle that swallows the rest': [
    'UnterminatedQuote',
    /a\/2\.csv: a quote in the record at line 3, byte 12 /,
    { 'a/1.csv': good, 'a/2.csv': 'id,name\n7,x\n8,"eight\n9,nine\n10,ten\n' },
  ],
  'the same, packed': [
    'UnterminatedQuote',
    /a\/1\.csv\.gz: a quote in the record at line 2, byte 8 /,
    { 'a/1.csv.gz': gzipSync('id,name\n1,"one\n2,two\n') },
  ],
}

describe.each(Object.entries(refused))('%s', (_, [name, said, files]) => {
  test(`is refused when it is planned: ${name}; mended, it is planned and loaded`, async () => {
    const there = world(files)
    const refusal = { name, message: expect.stringMatching(said) as unknown }
    await expect(there.stage('a', 'rehearse')).rejects.toMatchObject(refusal)
    expect(await there.runs.manifest('m', 'a')).toBeUndefined()
    expect(there.checkpoints.items.size).toBe(0)
    await there.stage('b', 'rehearse')

    const source = there.sources.get('a')
    for (const key of Object.keys(files)) source?.remove(key)
    source?.put('a/1.csv', good)
    await there.stage('a', 'rehearse')
    expect((await there.stage('a', 'full')).ledger.loaded).toBe(6)
  })
})

interface Kept {
  readonly reason: string
  readonly line: number
  readonly raw: string
}

const latin1 = (text: string) => Buffer.from(text, 'latin1')

const keptBack: Record<string, [content: string | Buffer, kept: Kept[], source?: SourceSpec]> = {
  'a row with too few fields': [good.replace('3,three', '3'), [{ reason: 'RaggedRow', line: 4, raw: '3' }]],
  'a row with too many fields': [
    good.replace('3,three', '3,three,III'),
    [{ reason: 'RaggedRow', line: 4, raw: '3,three,III' }],
  ],
  'text behind a closing quote': [
    good.replace('three', '"three"!'),
    [{ reason: 'StrayQuote', line: 4, raw: '3,"three"!' }],
  ],
  'a quote that swallows rows up to the next one': [
    good.replace('three', '"three').replace('five', '"five"'),
    [{ reason: 'StrayQuote', line: 4, raw: '3,"three\n4,four\n5,"five"' }],
  ],
  'bytes of Latin-1 in UTF-8': [
    latin1(good.replace('three', 'dr\u00fc')),
    [{ reason: 'InvalidEncoding', line: 4, raw: '3,dr\u00fc' }],
  ],
  'a character of UTF-8 that is cut off': [
    latin1(good.replace('three', 'dr\u00c3')),
    [{ reason: 'InvalidEncoding', line: 4, raw: '3,dr\u00c3' }],
  ],
  'a NUL byte': [good.replace('three', 'thr\0e'), [{ reason: 'InvalidEncoding', line: 4, raw: '3,thr\0e' }]],
  'Windows-1252 in Latin-1': [
    latin1(good.replace('three', '3 \u0080')),
    [{ reason: 'InvalidEncoding', line: 4, raw: '3,3 \u0080' }],
    { ...csv, encoding: 'latin1' },
  ],
  'UTF-8 in Latin-1': [
    good.replace('three', 'dr\u00fc'),
    [{ reason: 'InvalidEncoding', line: 4, raw: '3,dr\u00c3\u00bc' }],
    { ...csv, encoding: 'latin1' },
  ],
  'broken lines of NDJSON': [
    '{"id":"1","name":"one"}\n{"id":"2","na\n{"id":"3","name":"x","name":"y"}\n[]\nnull\n\n{"id":"4","name":"four"}\n',
    [
      { reason: 'InvalidJson', line: 2, raw: '{"id":"2","na' },
      { reason: 'InvalidJson', line: 3, raw: '{"id":"3","name":"x","name":"y"}' },
      { reason: 'InvalidJson', line: 4, raw: '[]' },
      { reason: 'InvalidJson', line: 5, raw: 'null' },
    ],
    ndjson,
  ],
}

describe.each(Object.entries(keptBack))('%s', (_, [content, kept, source]) => {
  test(`is kept in quarantine, whole and with its place (${kept[0]?.reason}), and the rest is loaded`, async () => {
    const there = world({ 'a/1.csv': content }, source)
    const rehearsed = await there.stage('a', 'rehearse')
    expect(total(rehearsed.ledger.quarantined)).toBe(kept.length)
    const filled = await there.stage('a', 'full')
    expect(filled.ledger.loaded).toBe(rehearsed.ledger.extracted - kept.length)
    expect(filled.batches).toMatchObject({ failed: 0, unfinished: 0 })
    expect(filled.reconciliation).toMatchObject({ missing: 0, different: 0 })

    const found: Kept[] = []
    for await (const key of there.archive.list('quarantine/')) {
      const entries = await unpackQuarantine((await there.archive.get(key)) ?? new Uint8Array())
      found.push(...entries.map(({ reason, line, raw }) => ({ reason, line, raw })))
    }
    expect(found).toEqual(kept)
  })
})
