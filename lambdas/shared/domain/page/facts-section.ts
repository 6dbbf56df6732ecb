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

type Fact = readonly [name: string, value: string | Html]

/** What the evidence is about and who says that they started it; on a page also what is decided on it. */
export function factsSection(hash: string, { summary, startedBy }: Evidence, gate?: Gate): Html {
  const facts: Fact[] = [
    ['Evidence (SHA-256)', html`<code>${hash}</code>`],
    ['Fingerprint of the definition', html`<code>${summary.fingerprint}</code>`],
    ['Manifest', html`<code>${summary.manifest}</code>`],
    ['Run', html`<code>${gate?.run ?? summary.run}</code>`],
    ['Started by, as claimed', gate?.startedBy ?? startedBy],
    [
      'Measured',
      `${momentText(Date.parse(summary.startedAt))} to ${momentText(Date.parse(summary.endedAt))}`,
    ],
    ...(gate ? gateFacts(gate) : []),
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

function gateFacts({ openedAt, expiresAt }: Gate): Fact[] {
  return [
    ['Gate open since', momentText(openedAt)],
    ['Gate expires', momentText(expiresAt)],
  ]
}

function rolledOut({ batches, of }: { readonly batches: number; readonly of: number }): [string, string] {
  return ['batches rolled out in all', `${countText(batches)} of ${countText(of)}`]
}
