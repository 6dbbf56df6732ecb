import type { LogHead } from '../decision-log/entry.ts'
import type { Evidence } from '../evidence.ts'
import type { Link } from '../gate-rules/choices.ts'
import type { Gate } from '../gate.ts'
import { statusWords, whatHappened } from '../wording/gate-words.ts'
import type { Attempt } from './attempt.ts'
import { decisionForm } from './decision-form.ts'
import { evidenceSections } from './evidence-sections.ts'
import { factsSection } from './facts-section.ts'
import { historySection } from './history-section.ts'
import { html } from './html.ts'
import { layout } from './layout.ts'
import { nextBanner } from './next-banner.ts'
import { outcomeSection } from './outcome-section.ts'
import { quorumSection } from './quorum-section.ts'

export interface GatePage {
  readonly gate: Gate
  readonly evidence: Evidence
  /** Whose page it is, and what it may still decide. */
  readonly capability: Link
  /** Of the migration's decision log; absent where it was not read. */
  readonly head?: LogHead
  readonly attempt?: Attempt
}

/** The gate on one page: what is to be decided, on which evidence, and the form to decide with. */
export function gatePage({ gate, evidence, capability, head, attempt }: GatePage): string {
  const { migration, segment, stage } = gate
  const isOpen = gate.status === 'open'
  const title = isOpen
    ? `May stage ${stage} of ${segment} pass?`
    : `Stage ${stage} of ${segment} is ${statusWords[gate.status]}`
  return layout({
    title,
    where: `${migration} / ${segment} / ${stage}`,
    main: html`<h1>${title}</h1>
      <p class="lead">${whatHappened(evidence)}</p>
      ${nextBanner(gate, capability)}
      <div class="grid">
        <div>
          ${evidenceSections(evidence)}
          ${factsSection(gate.evidence, evidence, { gate, ...(head && { head }) })}
          ${isOpen && html`<p class="jump back-jump"><a href="#decide">Go to your decision</a></p>`}
        </div>
        <div class="side">
          ${isOpen ? decisionForm(gate, capability, attempt) : outcomeSection(gate)} ${quorumSection(gate)}
          ${historySection(gate)}
        </div>
      </div>`,
  })
}
