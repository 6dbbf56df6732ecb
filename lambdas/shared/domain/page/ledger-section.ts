import type { Evidence } from '../evidence.ts'
import { total } from '../ledger.ts'
import { countText } from '../wording/figures.ts'
import { html, type Html } from './html.ts'
import { ledgerFlow } from './ledger-flow.ts'

/** The conservation law of the stage, drawn and written out. */
export function ledgerSection({ summary: { ledger } }: Evidence): Html {
  const written = ledger.loaded + ledger.unchanged + ledger.conflicted > 0
  return html`<section class="card" aria-labelledby="ledger">
    <h2 id="ledger">Ledger</h2>
    <p class="soft small">
      Where each extracted record went.
      ${
        written
          ? 'Mapped records were loaded, were in the target unchanged, or met a state nobody expected.'
          : 'Nothing was written: this stage rehearses everything but the load.'
      }
    </p>
    <div class="ledger">
      ${ledgerFlow(ledger)}
      <table class="sum">
        <tbody>
          ${line('Extracted', ledger.extracted)} ${line('= mapped', ledger.mapped)}
          ${line('+ filtered', total(ledger.filtered))}${reasons(ledger.filtered)}
          ${line('+ quarantined', total(ledger.quarantined))}${reasons(ledger.quarantined)}
          ${
            written &&
            html`${line('Mapped', ledger.mapped)} ${line('= loaded', ledger.loaded)}
            ${line('+ unchanged', ledger.unchanged)} ${line('+ conflicted', ledger.conflicted)}`
          }
        </tbody>
      </table>
    </div>
  </section>`
}

function line(name: string, count: number): Html {
  return html`<tr>
    <th scope="row">${name}</th>
    <td class="n">${countText(count)}</td>
  </tr>`
}

function reasons(counts: Readonly<Record<string, number>>): Html[] {
  return Object.entries(counts)
    .sort(([, a], [, b]) => b - a)
    .map(
      ([reason, count]) =>
        html`<tr>
          <td>${reason}</td>
          <td class="n soft">${countText(count)}</td>
        </tr>`,
    )
}
