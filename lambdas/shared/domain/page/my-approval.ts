import type { Link } from '../gate-rules/choices.ts'
import { isSamePerson } from '../../contract/roles.ts'
import { currentApprovals } from '../gate-rules/quorum.ts'
import type { Gate } from '../gate.ts'
import { consequences, decisionTitles } from '../wording/gate-words.ts'
import type { Attempt } from './attempt.ts'
import { decisionLine } from './history-section.ts'
import { html, type Html } from './html.ts'
import { reasonField } from './reason-field.ts'

/** For who has approved, while others have not: what was said, and how to take it back. */
export function myApproval(gate: Gate, link: Link, attempt?: Attempt): Html {
  const mine = currentApprovals(gate).find(({ address }) => isSamePerson(address, link.address))
  const open = attempt && html` open`
  return html`<section class="card" id="decide" aria-labelledby="mine">
    <h2 id="mine">You have approved</h2>
    ${
      mine &&
      html`<p>${decisionLine(mine)}:</p>
        <blockquote>${mine.reason}</blockquote>`
    }
    <p class="soft small">The stage passes when nobody's approval is missing. Until then you may take yours back.</p>
    <details${open}>
      <summary>${decisionTitles.withdraw}</summary>
      <form method="post" autocomplete="off">
        ${attempt && html`<p class="banner fail" role="alert"><span>${attempt.problem}</span></p>`}
        <input type="hidden" name="evidence" value="${gate.evidence}" />
        <p>${consequences(gate).withdraw}</p>
        ${reasonField(attempt?.reason)}
        <button type="submit" name="decision" value="withdraw" class="quiet">${decisionTitles.withdraw}</button>
      </form>
    </details>
  </section>`
}
