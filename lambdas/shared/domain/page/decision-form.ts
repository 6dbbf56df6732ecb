import type { Decision } from '../../contract/stages.ts'
import type { Gate } from '../gate.ts'
import { choicesOf, refusalOf, type Link } from '../gate-rules/choices.ts'
import { reasonLength } from '../gate-rules/reason.ts'
import { momentText } from '../wording/figures.ts'
import { consequences, decisionTitles } from '../wording/gate-words.ts'
import { html, type Html } from './html.ts'

/** What somebody has typed already, and why it was not taken. */
export interface Attempt {
  readonly problem: string
  readonly decision?: Decision
  readonly reason?: string
}

/** Posts to the page's own address. Offers what the link may still decide, and no form where that is nothing. */
export function decisionForm(gate: Gate, link: Link, attempt?: Attempt): Html {
  const does = consequences(gate)
  const offered = choicesOf(gate, link)
  const { role } = link
  if (offered.length === 0) return spent(gate, link)
  const refusal = offered.includes('withdraw') ? undefined : refusalOf(gate, 'approve', link)
  return html`<section class="card" id="decide" aria-labelledby="decide-title">
    <h2 id="decide-title">Your decision</h2>
    <p class="soft small">
      You decide as ${role}. Undecided, the gate expires on ${momentText(gate.expiresAt)} and comes to:
      ${decisionTitles[gate.policy.onExpiry]}.
    </p>
    <form method="post" autocomplete="off">
      ${attempt && html`<p class="banner fail" role="alert"><span>${attempt.problem}</span></p>`}
      <input type="hidden" name="evidence" value="${gate.evidence}" />
      <fieldset>
        <legend>What shall happen?</legend>
        ${refusal && html`<p class="small">Approving is not possible: ${refusal[1]}.</p>`}
        ${offered.map((decision) => choice(decision, does[decision], attempt?.decision === decision))}
      </fieldset>
      <label class="field" for="reason">Reason</label>
      <textarea
        id="reason"
        name="reason"
        required
        minlength="${reasonLength.min}"
        maxlength="${reasonLength.max}"
        aria-describedby="reason-hint"
      >
${attempt?.reason}</textarea>
      <p class="soft small" id="reason-hint">
        ${reasonLength.min} to ${reasonLength.max} characters. It is kept with your address and shown on this
        page.
      </p>
      <button type="submit">Record my decision</button>
    </form>
  </section>`
}

/** The link has decided, and what it decided is not to be taken back. */
function spent(gate: Gate, { role }: Link): Html {
  return html`<section class="card" id="decide" aria-labelledby="decide-title">
    <h2 id="decide-title">This link has decided</h2>
    <p class="soft small">
      You decided as ${role}. The gate is open until ${momentText(gate.expiresAt)}; if you are needed again,
      the next mail has a new link.
    </p>
  </section>`
}

function choice(decision: Decision, does: string, isChosen: boolean): Html {
  const checked = isChosen && html` checked`
  return html`<label class="choice"
    ><input type="radio" name="decision" value="${decision}" required${checked} /><span
      ><b>${decisionTitles[decision]}</b><span>${does}</span></span
    ></label
  > `
}
