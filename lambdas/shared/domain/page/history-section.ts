import { currentApprovals } from '../gate-rules/quorum.ts'
import type { Gate, GateDecision } from '../gate.ts'
import { momentText } from '../wording/figures.ts'
import { decidedWords } from '../wording/gate-words.ts'
import { html, type Html } from './html.ts'

export function decisionLine({ decision, address, role, at }: GateDecision): Html {
  const who = role === address ? address : html`${address}, as ${role},`
  return html`${who} ${decidedWords[decision]} on ${momentText(at)}`
}

/** What was decided before, the newest first; the decision that closed the gate is shown on its own. */
export function historySection(gate: Gate): Html {
  const earlier = gate.status === 'open' ? gate.decisions : gate.decisions.slice(0, -1)
  if (earlier.length === 0) return html``
  const standing = new Set(currentApprovals(gate))
  return html`<section class="card" aria-labelledby="history">
    <h2 id="history">Earlier decisions</h2>
    <ul class="list">
      ${earlier.toReversed().map((decision) => entry(decision, worthOf(decision, gate, standing)))}
    </ul>
  </section>`
}

function entry(decision: GateDecision, worth: string | undefined): Html {
  return html`<li>
    <p>${decisionLine(decision)}</p>
    <p class="small reason">${decision.reason}</p>
    ${worth !== undefined && html`<p class="small soft">${worth}</p>`}
  </li>`
}

/** What an earlier decision is worth now; nothing is said of one that says it itself. */
function worthOf(
  one: GateDecision,
  { evidence, opening }: Gate,
  standing: ReadonlySet<GateDecision>,
): string | undefined {
  if (one.evidence !== evidence) return 'About earlier evidence: it no longer counts.'
  if (one.opening !== opening) return 'The gate has been opened anew since: it no longer counts.'
  if (one.decision !== 'approve') return undefined
  return standing.has(one) ? 'It counts.' : 'Withdrawn: it no longer counts.'
}
