import type { Evidence } from '../evidence.ts'
import { anomaliesSection } from './anomalies-section.ts'
import { controlSumsSection } from './control-sums-section.ts'
import { criteriaSection } from './criteria-section.ts'
import { figureTiles } from './facts-section.ts'
import { forecastSection } from './forecast-section.ts'
import { html, type Html } from './html.ts'
import { badge, verdictIcon } from './icons.ts'
import { ledgerSection } from './ledger-section.ts'
import { failuresSection, quarantineSection } from './quarantine-section.ts'
import { reconciliationSection } from './reconciliation-section.ts'
import { rolloutSection } from './rollout-section.ts'
import { speedSection } from './speed-section.ts'
import { verdictWords } from '../wording/gate-words.ts'

/** All that the evidence says, in the order in which people ask: is it good, what is odd, where did records go. */
export function evidenceSections(evidence: Evidence): Html {
  return html`${verdictBanner(evidence)} ${figureTiles(evidence)} ${criteriaSection(evidence)}
  ${failuresSection(evidence)} ${anomaliesSection(evidence)} ${ledgerSection(evidence)}
  ${reconciliationSection(evidence)} ${controlSumsSection(evidence)} ${quarantineSection(evidence)}
  ${rolloutSection(evidence)} ${forecastSection(evidence)} ${speedSection(evidence)}`
}

function verdictBanner({ verdict }: Evidence): Html {
  return html`<div class="banner ${verdict}">
    ${verdictIcon(verdict)}
    <p>${badge(verdict)} ${verdictWords[verdict]}</p>
  </div>`
}
