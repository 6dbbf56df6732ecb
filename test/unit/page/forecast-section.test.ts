import { expect, test } from 'vitest'
import { forecastSection } from '../../../lambdas/shared/domain/page/forecast-section.ts'
import { richEvidence, richRehearsal } from '../../support/rich-summaries.ts'

test('a forecast says what it rests on, where it says anything', () => {
  const section = (basis?: string[]) => {
    const { forecast } = richRehearsal
    const summary = {
      ...richRehearsal,
      ...(forecast && { forecast: { ...forecast, ...(basis && { basis }) } }),
    }
    return String(forecastSection(richEvidence(summary, 'rehearse').evidence))
  }
  expect(section(['Loading was not measured.', 'Sizes <were>.'])).toContain(
    '<p class="soft small">Loading was not measured. Sizes &lt;were&gt;.</p>',
  )
  expect(section().match(/<p class="soft small">/g)).toHaveLength(1)
})
