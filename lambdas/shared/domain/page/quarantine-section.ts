import type { Evidence, QuarantineExample } from '../evidence.ts'
import { total } from '../ledger.ts'
import { countText, plural } from '../wording/figures.ts'
import { html, type Html } from './html.ts'

/** What was kept back: where each record is in the source and why, never what it says. */
export function quarantineSection({ summary: { quarantine, ledger } }: Evidence): Html {
  const all = total(ledger.quarantined)
  if (all === 0 && quarantine.length === 0) return html``
  return html`<section class="card" aria-labelledby="quarantine">
    <h2 id="quarantine">Quarantine</h2>
    <p class="soft small">
      ${plural(all, 'record')} kept whole, outside the target.
      ${quarantine.length < all ? `Examples shown: ${countText(quarantine.length)}.` : 'All are shown.'}
      Values are not shown.
    </p>
    ${
      quarantine.length > 0 &&
      html`<ul class="list">
        ${quarantine.map(entry)}
      </ul>`
    }
  </section>`
}

function entry({ object, line, byte, reason, field, detail }: QuarantineExample): Html {
  return html`<li>
    <p><b>${reason}</b>${field !== undefined && html` in <code>${field}</code>`}: ${detail}</p>
    <p class="soft small"><code>${object}</code>, line ${countText(line)}, byte ${countText(byte)}</p>
  </li>`
}

/** Batches that failed on their data. */
export function failuresSection({ summary: { failures, batches } }: Evidence): Html {
  if (failures.length === 0) return html``
  return html`<section class="card" aria-labelledby="failures">
    <h2 id="failures">Failed batches</h2>
    <p class="soft small">
      ${plural(batches.failed, 'batch', 'batches')} of ${countText(batches.total)} failed on the data. The
      others went on.
    </p>
    <ul class="list">
      ${failures.map(
        ({ batch, error, message }) =>
          html`<li>
            <p><b>${error}</b> in batch <code>${batch}</code></p>
            <p class="small">${message}</p>
          </li>`,
      )}
    </ul>
  </section>`
}
