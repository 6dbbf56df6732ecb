import type { Evidence } from '../evidence.ts'
import { imbalance, noOpenEnds, total, type Ledger, type OpenEnds } from '../ledger.ts'
import { countText } from '../wording/figures.ts'
import { html, type Html } from './html.ts'
import { ledgerFlow } from './ledger-flow.ts'
import { isWritten } from './is-written.ts'

/** The conservation law of the stage, drawn and written out. */
export function ledgerSection(evidence: Evidence): Html {
  const { ledger, openEnds: failed = noOpenEnds } = evidence.summary
  const loads = isWritten(evidence)
  const problem = imbalance(ledger, loads, failed)
  return html`<section class="card" aria-labelledby="ledger">
    <h2 id="ledger">Ledger</h2>
    <p class="soft small">
      Where each extracted record went.
      ${
        loads
          ? 'Mapped records were loaded, were in the target unchanged, or met a state nobody expected.'
          : 'Nothing was written: this stage rehearses everything but the load.'
      }
    </p>
    ${
      problem !== undefined &&
      html`<p class="banner breach"><span>The ledger does not add up: ${problem}.</span></p>`
    }
    ${ledgerFlow(ledger, loads, failed)}
    <div class="pair">${sorted(ledger, failed)} ${loads && written(ledger, failed)}</div>
  </section>`
}

function sorted({ extracted, mapped, filtered, quarantined }: Ledger, { unsorted }: OpenEnds): Html {
  return sums(
    'Extracted records and what they became',
    html`${line('Extracted', extracted)}${line('= mapped', mapped)}
    ${line('+ filtered', total(filtered))}${reasons(filtered)}
    ${line('+ quarantined', total(quarantined))}${reasons(quarantined)}
    ${unsorted > 0 && line('+ in failed batches', unsorted)}`,
  )
}

function written({ mapped, loaded, unchanged, conflicted }: Ledger, { unwritten }: OpenEnds): Html {
  return sums(
    'Mapped records and what they became',
    html`${line('Mapped', mapped)}${line('= loaded', loaded)}${line('+ unchanged', unchanged)}
    ${line('+ conflicted', conflicted)}${unwritten > 0 && line('+ in failed batches', unwritten)}`,
  )
}

function sums(caption: string, rows: Html): Html {
  return html`<table class="sum">
    <caption class="unseen">
      ${caption}
    </caption>
    <tbody>
      ${rows}
    </tbody>
  </table>`
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
        html`<tr class="part">
          <th scope="row">${reason}</th>
          <td class="n">${countText(count)}</td>
        </tr>`,
    )
}
