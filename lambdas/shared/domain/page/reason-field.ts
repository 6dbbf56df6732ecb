import { reasonLength } from '../gate-rules/reason.ts'
import { html, type Html } from './html.ts'

/** Where a reason is typed; with what was typed before. */
export function reasonField(typed?: string): Html {
  return html`<label class="field" for="reason">Reason</label>
    <textarea
      id="reason"
      name="reason"
      required
      minlength="${reasonLength.min}"
      maxlength="${reasonLength.max}"
      aria-describedby="reason-hint"
    >
${typed}</textarea>
    <p class="soft small" id="reason-hint">
      ${reasonLength.min} to ${reasonLength.max} characters. It is kept with your address, shown on this page
      and in the decision log.
    </p>`
}
