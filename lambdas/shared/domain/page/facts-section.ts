import type { Evidence } from '../evidence.ts'
import type { Gate } from '../gate.ts'
import { bytesText, countText, durationText, momentText } from '../wording/figures.ts'
import { html, type Html } from './html.ts'

/** The size of what was done, at a glance. */
export function figureTiles({ summary, seconds, recordsPerSecond }: Evidence): Html {
  const { batches, rollout } = summary
  const tiles: [string, string][] = [
    ['records', countText(summary.records)],
    [
      'batches done',
      batches.done === batches.total
        ? countText(batches.total)
        : `${countText(batches.done)} of ${countText(batches.total)}`,
    ],
    ['of source', bytesText(summary.bytes)],
    ...(rollout && rollout.batches > 0 ? [rolledOut(rollout)] : []),
    ['took', durationText(seconds)],
    ['records a second', countText(recordsPerSecond)],
  ]
  return html`<dl class="tiles">
    ${tiles.map(
      ([name, value]) =>
        html`<div>
          <dt>${name}</dt>
          <dd>${value}</dd>
        </div>`,
    )}
  </dl>`
}

/** What the decision is bound to, and who says that they started it. */
export function factsSection(gate: Gate, { summary }: Evidence): Html {
  const facts: [string, string | Html][] = [
    ['Evidence (SHA-256)', html`<code>${gate.evidence}</code>`],
    ['Fingerprint of the definition', html`<code>${gate.fingerprint}</code>`],
    ['Manifest', html`<code>${summary.manifest}</code>`],
    ['Run', html`<code>${gate.run}</code>`],
    ['Started by, as claimed', gate.startedBy],
    [
      'Measured',
      `${momentText(Date.parse(summary.startedAt))} to ${momentText(Date.parse(summary.endedAt))}`,
    ],
    ['Gate open since', momentText(gate.openedAt)],
    ['Gate expires', momentText(gate.expiresAt)],
  ]
  return html`<section class="card" aria-labelledby="facts">
    <h2 id="facts">What is signed</h2>
    <p class="soft small">
      A decision is bound to the evidence with this hash. When the evidence changes, the gate asks again.
    </p>
    <dl class="facts">
      ${facts.map(
        ([name, value]) =>
          html`<div>
            <dt>${name}</dt>
            <dd>${value}</dd>
          </div>`,
      )}
    </dl>
  </section>`
}

function rolledOut({ batches, of }: { readonly batches: number; readonly of: number }): [string, string] {
  return ['batches rolled out in all', `${countText(batches)} of ${countText(of)}`]
}
