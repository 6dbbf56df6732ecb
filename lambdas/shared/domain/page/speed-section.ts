import type { Evidence } from '../evidence.ts'
import { durationText } from '../wording/figures.ts'
import { bar } from './bar.ts'
import { html, type Html } from './html.ts'

/** How long batches took: half of them at most this, nine of ten at most that, and the slowest. */
export function speedSection({ summary: { batchSeconds } }: Evidence): Html {
  if (batchSeconds === undefined) return html``
  const { p50, p90, p95, p99, max } = batchSeconds
  const lines: [string, number][] = [
    ['half of them', p50],
    ['90 of 100', p90],
    ['95 of 100', p95],
    ['99 of 100', p99],
    ['the slowest', max],
  ]
  return html`<section class="card" aria-labelledby="speed">
    <h2 id="speed">Time a batch took</h2>
    <table class="bars">
      <caption class="unseen">
        Seconds that batches took at most, over all steps
      </caption>
      <tbody>
        ${lines.map(
          ([name, seconds]) =>
            html`<tr>
              <th scope="row">${name}</th>
              <td>${bar([{ to: max > 0 ? seconds / max : 0, colour: 'flow' }])}</td>
              <td class="n">${durationText(seconds)}</td>
            </tr>`,
        )}
      </tbody>
    </table>
  </section>`
}
