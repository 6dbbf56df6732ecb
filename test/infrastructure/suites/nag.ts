import { readFileSync, existsSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { synthesise, type Synthesised } from '../synthesised.ts'

export function nagSuite(first: Synthesised): void {
  const entry = z.looseObject({ type: z.string(), data: z.unknown() })
  const metadataFile = z.record(z.string(), z.array(entry))
  const acknowledgements = z.record(z.string(), z.string())

  function metadata() {
    return ['lockgate-dev-stateful', 'lockgate-dev-workflow'].flatMap((stack) => {
      const file = join(first.folder, `${stack}.metadata.json`)
      return Object.entries(metadataFile.parse(JSON.parse(readFileSync(file, 'utf8'))))
    })
  }

  const accepted = metadata().flatMap(([path, entries]) =>
    entries
      .filter(({ type }) => type === 'aws:cdk:acknowledged-rules')
      .flatMap(({ data }) =>
        Object.entries(acknowledgements.parse(data)).map(([id, reason]) => ({ path, id, reason })),
      ),
  )

  describe('the synthesis', () => {
    it('warns of nothing', () => {
      const noise = metadata().flatMap(([path, entries]) =>
        entries
          .filter(({ type }) => /:(warning|error|info)$/.test(type))
          .map(({ type }) => `${path} ${type}`),
      )
      expect(noise).toEqual([])
      expect(first.messages).toBe('')
    })

    it('leaves no finding of cdk-nag', () => {
      const report = join(first.folder, 'validation-report.json')
      expect(existsSync(report) ? readFileSync(report, 'utf8') : '').not.toContain('violatingResources')
    })

    it('makes the same bytes twice', () => {
      expect(synthesise().text === first.text).toBe(true)
    }, 120_000)
  })

  describe('what is accepted of cdk-nag', () => {
    it('is one finding of one resource each, for a reason', () => {
      expect(accepted.length).toBeGreaterThan(0)
      for (const { path, id, reason } of accepted) {
        // A stack, or a construct that holds others, would accept findings that nobody has seen.
        expect(path.split('/').length).toBeGreaterThan(3)
        expect(id).toMatch(/AwsSolutions-(IAM5\[Resource::.+\]|APIG4|DDB3)$/)
        expect(reason.length).toBeGreaterThan(30)
      }
    })

    it('is of three kinds: names that a run makes, links that authorise, and counts that are to be forgotten', () => {
      const kinds = accepted.map(({ id }) => /AwsSolutions-\w+/.exec(id)?.[0])
      expect([...new Set(kinds)].sort()).toEqual([
        'AwsSolutions-APIG4',
        'AwsSolutions-DDB3',
        'AwsSolutions-IAM5',
      ])
      expect(accepted.filter(({ id }) => id.endsWith('DDB3')).map(({ path }) => path)).toEqual([
        expect.stringContaining('Guesses'),
      ])
      expect(accepted.filter(({ id }) => id.endsWith('APIG4')).map(({ path }) => path)).toEqual([
        expect.stringContaining('ApprovalPage/Show'),
        expect.stringContaining('ApprovalPage/Look'),
        expect.stringContaining('ApprovalPage/Decide'),
      ])
    })
  })
}
