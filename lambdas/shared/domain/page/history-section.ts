import type { Gate, GateDecision } from '../gate.ts'
import { momentText } from '../wording/figures.ts'
import { decidedWords } from '../wording/gate-words.ts'
import { html, type Html } from './html.ts'

export function decisionLine({ decision, address, role, at }: GateDecision): Html {
  const who = role === address ? address : html`${address}, as ${role},`
  return html`${who} ${decidedWords[decision]} on ${momentText(at)}`
}

/** What was decided before, the newest first; the decision that closed the gate is shown on its own. */
export function historySection({ decisions, evidence, status }: Gate): Html {
  const earlier = status === 'open' ? decisions : decisions.slice(0, -1)
  if (earlier.length === 0) return html``
  return html`<section class="card" aria-labelledby="history">
    <h2 id="history">Earlier decisions</h2>
    <ul class="list">
      ${earlier.toReversed().map((decision) => entry(decision, evidence))}
    </ul>
  </section>`
}

function entry(decision: GateDecision, evidence: string): Html {
  const lapsed =
    decision.evidence !== evidence &&
    html` <span class="soft">About earlier evidence: it no longer counts.</span>`
  return html`<li>
    <p>${decisionLine(decision)}</p>
    <p class="small">${decision.reason}${lapsed}</p>
  </li>`
}
