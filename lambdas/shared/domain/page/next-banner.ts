import { choicesOf, type Link } from '../gate-rules/choices.ts'
import { quorumOf } from '../gate-rules/quorum.ts'
import type { Gate } from '../gate.ts'
import { missingText } from '../wording/quorum-words.ts'
import { html, type Html } from './html.ts'
import { verdictIcon } from './icons.ts'

/**
 * What the reader is to do next, at the top, where a phone shows it: to decide, or nothing, because their approval is
 * recorded or their link has decided.
 */
export function nextBanner(gate: Gate, link: Link): Html {
  if (gate.status !== 'open') return html``
  const offered = choicesOf(gate, link)
  if (offered.some((decision) => decision !== 'withdraw')) {
    return html`<p class="jump top-jump"><a href="#decide">Go to your decision</a></p>`
  }
  const recorded = offered.length > 0 ? 'Your approval is recorded.' : 'This link has decided.'
  return html`<div class="banner info">
    ${verdictIcon('pass')}
    <p><b>${recorded}</b> ${missingText(quorumOf(gate))} <a href="#decide">See below</a></p>
  </div>`
}
