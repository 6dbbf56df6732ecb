import { describe, expect, test } from 'vitest'
import { stageReport } from '../../../lambdas/shared/domain/report/stage-report.ts'
import { loadsOf } from '../../support/loads.ts'
import { richEvidence, richPilot, richRehearsal, troubledPilot } from '../../support/rich-summaries.ts'
import type { StageSummary } from '../../../lambdas/shared/domain/evidence.ts'
import type { StageKind } from '../../../lambdas/shared/contract/stages.ts'

const reportOf = (summary: StageSummary, kind: StageKind = 'pilot') => {
  const { evidence, hash } = richEvidence(summary, kind)
  return stageReport(evidence, hash)
}
const textOf = (page: string) => page.replaceAll(/<[^>]*>/g, ' ').replaceAll(/\s+/g, ' ')

describe('the report of a stage', () => {
  test('says all that the evidence says, and what it is the report of', () => {
    const text = textOf(reportOf(troubledPilot))
    for (const part of [
      'Stage pilot of cities: breach',
      richEvidence(troubledPilot).hash,
      'cities / cities / pilot',
      'NondeterministicMapping in batch cities-part-0031.csv-00000001',
      'Column population is empty in 12.4 % of the records; at rehearse it was in 0.3 %.',
      'Population by country 2 off',
      'PT: sum 10344802 9581776',
      'BR: sum 170115463.000000000000000001 nothing',
      'The stage took 9,000 times what was forecast.',
      'Duration 22.7 s 56 h 38 min',
      'half of them 4.1 s',
      'name 88',
      '4 of 63 batches are in the target',
      'list prices of 2026-10-01',
      '&quot;São João da Madeira&quot;',
      'operator@example.com',
    ]) {
      expect(text).toContain(part)
    }
  })

  test('of a rehearsal has the forecast of each later stage, and nothing of a target', () => {
    const text = textOf(reportOf(richRehearsal, 'rehearse'))
    for (const part of [
      'Forecast of the stages to come',
      'pilot 9,517 records',
      'full 102,695 records',
      '4 min 5 s',
    ]) {
      expect(text).toContain(part)
    }
    expect(text).not.toContain('Rollout')
    expect(text).not.toContain('= loaded')
  })

  test('tells what was not found from what nobody looked for', () => {
    expect(textOf(reportOf(richPilot))).toContain('None found')
    const { anomalies: _none, ...unasked } = richPilot
    expect(textOf(reportOf(unasked))).toContain('Nobody looked for any.')
  })

  test('says of a ledger that does not add up that it does not', () => {
    const ledger = { ...richPilot.ledger, mapped: 9480 }
    const page = reportOf({ ...richPilot, ledger })
    expect(textOf(page)).toContain(
      'The ledger does not add up: extracted 9517 is not mapped + filtered + quarantined 9511.',
    )
    expect(page).toContain('6 extracted, then lost')
  })

  test('is one file: it loads nothing, runs nothing, and forbids both to itself', () => {
    for (const report of [reportOf(troubledPilot), reportOf(richRehearsal, 'rehearse')]) {
      expect(loadsOf(report)).toEqual([])
      expect(report).not.toMatch(/<script|<form|\bon\w+\s*=/i)
      expect(report).toMatch(
        /<meta\s+http-equiv="Content-Security-Policy"\s+content="default-src &#39;none&#39;/,
      )
    }
  })

  test('is the same for the same evidence', () => {
    expect(reportOf(troubledPilot)).toBe(reportOf(structuredClone(troubledPilot)))
  })
})
