import { isUtf8 } from 'node:buffer'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { z } from 'zod'
import { s3Ndjson } from '../../../lambdas/shared/domain/definition/source.ts'
import { inRanges, points } from './in-ranges.ts'

const ndjson = s3Ndjson({ at: 'x', prefix: '', record: z.unknown() })

test('NDJSON gives its lines, wherever it is split', async () => {
  const parts = ['{"a":1}', '{"a":"é\\n"}', '{', '"', ',', '\n', '\r\n', '\r', '\0', '\u2028'].map((one) =>
    Buffer.from(one),
  )
  const file = fc
    .array(fc.constantFrom(...parts, Buffer.of(0xff)), { maxLength: 12 })
    .map((some) => Buffer.concat([Buffer.from('{}\n'), ...some]))
  const lines = (bytes: Buffer) => {
    let byte = 0
    const texts = bytes.toString('latin1').split('\n')
    return texts
      .map((text, index) => {
        const raw = Buffer.from(index === texts.length - 1 ? text : text.replace(/\r$/, ''), 'latin1')
        const line = { byte, line: index + 1, raw: raw.toString(isUtf8(raw) ? 'utf8' : 'latin1') }
        byte += text.length + 1
        return line
      })
      .filter(({ raw }) => raw !== '')
  }
  await fc.assert(
    fc.asyncProperty(file, async (bytes) => {
      for (const cut of [0, ...points(bytes)]) {
        const { records } = await inRanges(ndjson, bytes, [cut])
        const placed = records.map(({ byte, line, raw }) => ({ byte, line, raw }))
        expect(placed, `cut at ${cut}`).toEqual(lines(bytes))
      }
    }),
    { numRuns: 200 },
  )
})
