import type { Decision } from '../../contract/stages.ts'
import { choicesOf, refusalOf, type Link } from '../gate-rules/choices.ts'
import type { Gate } from '../gate.ts'
import { consequences, decisionTitles } from '../wording/gate-words.ts'
import { approvingText } from '../wording/quorum-words.ts'
import type { Attempt } from './attempt.ts'
import { html, type Html } from './html.ts'
import { myApproval } from './my-approval.ts'
import { reasonField } from './reason-field.ts'

/** Posts to the page's own address. Offers what the link may still decide, and no form where that is nothing. */
export function decisionForm(gate: Gate, link: Link, attempt?: Attempt): Html {
  const offered = choicesOf(gate, link)
  if (offered.length === 0) return spent(link)
  if (offered.every((decision) => decision === 'withdraw')) return myApproval(gate, link, attempt)
  const does = { ...consequences(gate), approve: approvingText(gate, link) }
  const refusal = offered.includes('withdraw') ? undefined : refusalOf(gate, 'approve', link)
  return html`<section class="card" id="decide" aria-labelledby="decide-title">
    <h2 id="decide-title">Your decision</h2>
    <p class="soft small">You decide as ${role(link)}, once.</p>
    <form method="post" autocomplete="off">
      ${attempt && html`<p class="banner fail" role="alert"><span>${attempt.problem}</span></p>`}
      <input type="hidden" name="evidence" value="${gate.evidence}" />
      <fieldset>
        <legend>What shall happen?</legend>
        ${refusal && html`<p class="small">Approving is not possible: ${refusal[1]}.</p>`}
        ${offered.map((decision) => choice(decision, does[decision], attempt?.decision === decision))}
      </fieldset>
      ${reasonField(attempt?.reason)}
      <button type="submit">Record my decision</button>
    </form>
  </section>`
}

const role = ({ role, address }: Link) => html`<b>${role}</b> (${address})`

/** The link has decided, and what it decided is not to be taken back. */
function spent(link: Link): Html {
  return html`<section class="card" id="decide" aria-labelledby="decide-title">
    <h2 id="decide-title">This link has decided</h2>
    <p class="soft">
      You decided as ${role(link)}. If you are needed again at this gate, the next mail has a new link.
    </p>
  </section>`
}

function choice(decision: Decision, does: string, isChosen: boolean): Html {
  const checked = isChosen && html` checked`
  const grave = decision === 'override' && ' grave'
  return html`<label class="choice${grave}"
    ><input type="radio" name="decision" value="${decision}" required${checked} /><span
      ><b>${decisionTitles[decision]}</b><span>${does}</span></span
    ></label
  > `
}
