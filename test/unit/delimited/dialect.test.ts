import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { s3Delimited, s3Ndjson } from '../../../lambdas/shared/domain/definition/source.ts'
import { sourceFaults } from '../../../lambdas/shared/domain/delimited/dialect.ts'

const at = { at: 'export', prefix: '', record: z.unknown() }
const faults = (options: object) => sourceFaults(s3Delimited({ ...at, ...options })).map(({ field }) => field)

describe('a definition of delimited text', () => {
  test.each([{}, { delimiter: '\t' }, { delimiter: ';', quote: "'", nullToken: '\\N' }, { nullToken: '' }])(
    '%j can be read',
    (options) => {
      expect(faults(options)).toEqual([])
      expect(sourceFaults(s3Ndjson(at))).toEqual([])
    },
  )

  test.each([
    [{ delimiter: '' }, 'delimiter'],
    [{ delimiter: '||' }, 'delimiter'],
    [{ delimiter: '¦' }, 'delimiter'],
    [{ delimiter: '\n' }, 'delimiter'],
    [{ quote: '' }, 'quote'],
    [{ quote: '»' }, 'quote'],
    [{ quote: '\r' }, 'quote'],
    [{ delimiter: "'", quote: "'" }, 'quote'],
    [{ nullToken: 'a,b' }, 'nullToken'],
    [{ nullToken: 'a\n' }, 'nullToken'],
    [{ nullToken: '""' }, 'nullToken'],
    [{ header: [] }, 'header'],
    [{ header: ['a', ''] }, 'header'],
    [{ header: ['a', 'b', 'a'] }, 'header'],
  ])('%j is refused at %s', (options, field) => {
    expect(faults(options)).toEqual([field])
  })
})
