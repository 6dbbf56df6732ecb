import type { Gate } from '../gate.ts'
import { outcomes, statusWords } from '../wording/gate-words.ts'
import { decisionLine } from './history-section.ts'
import { html, type Html } from './html.ts'

/** What a closed gate came to, by whose decision, and what follows from it. */
export function outcomeSection(gate: Gate): Html {
  if (gate.status === 'open') return html``
  const last = gate.decisions.at(-1)
  return html`<section class="card" id="decide" aria-labelledby="decided">
    <h2 id="decided">Decided: ${statusWords[gate.status]}</h2>
    ${
      last &&
      html`<p>${decisionLine(last)}:</p>
        <blockquote>${last.reason}</blockquote>`
    }
    <p class="soft small">${outcomes(gate)[gate.status]}</p>
  </section>`
}
