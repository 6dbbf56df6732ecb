import { html, type Html } from './html.ts'

/** Which colour stands for what. */
export function legend(entries: readonly (readonly [colour: string, text: string | Html])[]): Html {
  return html`<ul class="legend">
    ${entries.map(
      ([colour, text]) =>
        html`<li>
          <svg viewBox="0 0 10 10" aria-hidden="true">
            <rect class="c-${colour}" width="10" height="10" rx="2" /></svg
          >${text}
        </li>`,
    )}
  </ul>`
}
