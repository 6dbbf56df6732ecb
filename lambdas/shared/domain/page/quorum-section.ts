import { quorumOf, type Quorum } from '../gate-rules/quorum.ts'
import type { Gate, GateDecision } from '../gate.ts'
import { momentText } from '../wording/figures.ts'
import { decisionTitles } from '../wording/gate-words.ts'
import { filledText, missingText, policyLines } from '../wording/quorum-words.ts'
import { html, type Html } from './html.ts'
import { placeIcon } from './icons.ts'

/** How far the quorum is: who has approved, which places are open, and what else can come of the gate. */
export function quorumSection(gate: Gate): Html {
  const quorum = quorumOf(gate)
  const isOpen = gate.status === 'open'
  return html`<section class="card" aria-labelledby="quorum">
    <h2 id="quorum">Approvals</h2>
    ${isOpen && html`<p>${filledText(quorum)} ${missingText(quorum)}</p>`}
    <ul class="places">
      ${places(quorum)}
    </ul>
    ${isOpen && conditions(gate)}
  </section>`
}

/** People of a role of the quorum under it; those who stand in for a missing one after them. */
function places({ approvals, places }: Quorum): Html[] {
  const roles = new Set(places.map(({ role }) => role))
  const own = places.flatMap(({ role, needed, filled }) => [
    ...approvals.filter((approval) => approval.role === role).map(filledPlace),
    ...Array.from({ length: needed - filled }, () => openPlace(role)),
  ])
  return [...own, ...approvals.filter(({ role }) => !roles.has(role)).map(filledPlace)]
}

function filledPlace({ role, address, at }: GateDecision): Html {
  return html`<li class="filled">
    ${placeIcon(true)}<span><b>${role}</b><span>${address}, ${momentText(at)}</span></span>
  </li>`
}

function openPlace(role: string): Html {
  return html`<li class="open">
    ${placeIcon(false)}<span><b>${role}</b><span>not approved yet</span></span>
  </li>`
}

function conditions(gate: Gate): Html {
  const onExpiry = `Undecided, the gate expires on ${momentText(gate.expiresAt)}. It then comes to: ${decisionTitles[gate.policy.onExpiry]}.`
  return html`<ul class="notes">
    ${[onExpiry, ...policyLines(gate)].map((text) => html`<li>${text}</li>`)}
  </ul>`
}
