import type { Evidence } from '../evidence.ts'
import type { Link } from '../gate-rules/choices.ts'
import { answerOf } from '../gate-rules/enter-gate.ts'
import type { Gate } from '../gate.ts'
import { consequences, statusWords, whatHappened } from '../wording/gate-words.ts'
import { decisionForm, type Attempt } from './decision-form.ts'
import { evidenceSections } from './evidence-sections.ts'
import { factsSection } from './facts-section.ts'
import { decisionLine, historySection } from './history-section.ts'
import { html, type Html } from './html.ts'
import { layout } from './layout.ts'

export interface GatePage {
  readonly gate: Gate
  readonly evidence: Evidence
  /** Whose page it is, and what it may still decide. */
  readonly capability: Link
  readonly attempt?: Attempt
}

/** The gate on one page: what is to be decided, on which evidence, and the form to decide with. */
export function gatePage({ gate, evidence, capability, attempt }: GatePage): string {
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
      ${isOpen && html`<p class="jump"><a href="#decide">Go to your decision</a></p>`}
      <div class="grid">
        <div>${evidenceSections(evidence)} ${factsSection(gate.evidence, evidence, gate)}</div>
        <div class="side">
          ${isOpen ? decisionForm(gate, capability, attempt) : outcome(gate)} ${historySection(gate)}
        </div>
      </div>`,
  })
}

function outcome(gate: Gate): Html {
  const answer = answerOf(gate)
  if (answer === undefined) return html``
  const last = gate.decisions.at(-1)
  return html`<section class="card" id="decide" aria-labelledby="decided">
    <h2 id="decided">Decided: ${statusWords[gate.status]}</h2>
    ${
      last &&
      html`<p>${decisionLine(last)}:</p>
        <blockquote>${last.reason}</blockquote>`
    }
    <p class="soft small">${consequences(gate)[answer]}</p>
  </section>`
}
