import type { Anomaly, Evidence } from '../evidence.ts'
import { html, type Html } from './html.ts'

const titles: Readonly<Record<Anomaly['kind'], string>> = {
  columns: 'Columns',
  types: 'Types of values',
  nulls: 'Empty values',
  distinct: 'Distinct values',
  volume: 'Volume',
  reprocessed: 'Processed again',
  'slow-batch': 'Slow batch',
  'large-batch': 'Large batch',
  'new-reason': 'New reason for quarantine',
}

/** What is unlike the rest, or unlike rehearse, each in a sentence. That nobody looked is said as well. */
export function anomaliesSection({ summary: { anomalies } }: Evidence): Html {
  return html`<section class="card" aria-labelledby="anomalies">
    <h2 id="anomalies">Anomalies</h2>
    ${content(anomalies)}
  </section>`
}

function content(anomalies: readonly Anomaly[] | undefined): Html {
  if (anomalies === undefined) return html`<p class="soft">Nobody looked for any.</p>`
  if (anomalies.length === 0)
    return html`<p class="soft">None found: this stage looks like what was expected.</p>`
  return html`<ul class="list">
    ${anomalies.map(
      ({ kind, sentence }) =>
        html`<li>
          <p><b>${titles[kind]}</b></p>
          <p>${sentence}</p>
        </li>`,
    )}
  </ul>`
}
