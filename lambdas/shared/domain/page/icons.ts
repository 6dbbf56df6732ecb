import type { Verdict } from '../../contract/stages.ts'
import { html, type Html } from './html.ts'

const path: Readonly<Record<Verdict, string>> = {
  pass: 'M7.500 12.500l3 3 6-6.500',
  fail: 'M12 7v6M12 16.500v.1',
  breach: 'M8.500 8.500l7 7M15.500 8.500l-7 7',
}

/** A sign for a verdict, beside its word. */
export function verdictIcon(verdict: Verdict): Html {
  return html`<svg
    viewBox="0 0 24 24"
    aria-hidden="true"
    fill="none"
    stroke="currentColor"
    stroke-width="2.200"
    stroke-linecap="round"
    stroke-linejoin="round"
  >
    <circle cx="12" cy="12" r="10" />
    <path d="${path[verdict]}" />
  </svg>`
}

export function badge(verdict: Verdict, text: string = verdict): Html {
  return html`<span class="badge ${verdict}">${text}</span>`
}

/** A place of the quorum: filled or open, as the words beside it say too. */
export function placeIcon(isFilled: boolean): Html {
  return html`<svg
    viewBox="0 0 24 24"
    aria-hidden="true"
    fill="none"
    stroke="currentColor"
    stroke-width="2.200"
  >
    <circle cx="12" cy="12" r="10" />
    ${isFilled && html`<path d="${path.pass}" stroke-linecap="round" stroke-linejoin="round" />`}
  </svg>`
}
