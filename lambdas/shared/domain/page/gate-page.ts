import type { Evidence } from '../evidence.ts'
import type { Gate } from '../gate.ts'
import { consequences, whatHappened } from '../wording/gate-words.ts'
import { decisionForm, type Attempt } from './decision-form.ts'
import { evidenceSections } from './evidence-sections.ts'
import { factsSection } from './facts-section.ts'
import { decisionLine, historySection } from './history-section.ts'
import { html, type Html } from './html.ts'
import { layout } from './layout.ts'

export interface GatePage {
  readonly gate: Gate
  readonly evidence: Evidence
  /** In which the reader may decide. */
  readonly role: string
  readonly attempt?: Attempt
}

const answers = { approved: 'approve', rejected: 'reject', held: 'hold' } as const

/** The gate on one page: what is to be decided, on which evidence, and the form to decide with. */
export function gatePage({ gate, evidence, role, attempt }: GatePage): string {
  const { migration, segment, stage } = gate
  const isOpen = gate.status === 'open'
  const title = isOpen
    ? `May stage ${stage} of ${segment} pass?`
    : `Stage ${stage} of ${segment} is ${gate.status}`
  return layout({
    title,
    where: `${migration} / ${segment} / ${stage}`,
    main: html`<h1>${title}</h1>
      <p class="lead">${whatHappened(evidence)}</p>
      ${isOpen && html`<p class="jump"><a href="#decide">Go to your decision</a></p>`}
      <div class="grid">
        <div>${evidenceSections(evidence)} ${factsSection(gate.evidence, evidence, gate)}</div>
        <div class="side">
          ${isOpen ? decisionForm(gate, role, attempt) : outcome(gate)} ${historySection(gate)}
        </div>
      </div>`,
  })
}

function outcome(gate: Gate): Html {
  if (gate.status === 'open') return html``
  const last = gate.decisions.at(-1)
  return html`<section class="card" id="decide" aria-labelledby="decided">
    <h2 id="decided">Decided: ${gate.status}</h2>
    ${
      last &&
      html`<p>${decisionLine(last)}:</p>
        <blockquote>${last.reason}</blockquote>`
    }
    <p class="soft small">${consequences(gate)[answers[gate.status]]}</p>
  </section>`
}
