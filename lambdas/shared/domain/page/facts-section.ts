import type { LogHead } from '../decision-log/entry.ts'
import type { Evidence } from '../evidence.ts'
import type { Gate } from '../gate.ts'
import { bytesText, countText, durationText, momentText, plural } from '../wording/figures.ts'
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

/** Where the evidence is put before people. */
export interface Before {
  readonly gate: Gate
  readonly head?: LogHead
}

/** What the evidence is about and who says that they started it; on a page also the gate that it is put before. */
export function factsSection(hash: string, { summary, startedBy }: Evidence, before?: Before): Html {
  const facts: Fact[] = [
    ['Evidence (SHA-256)', html`<code>${hash}</code>`],
    ['Fingerprint of the definition', html`<code>${summary.fingerprint}</code>`],
    ['Manifest', html`<code>${summary.manifest}</code>`],
    ['Run', html`<code>${before?.gate.run ?? summary.run}</code>`],
    ['Started by, as claimed', before?.gate.startedBy ?? startedBy],
    [
      'Measured',
      `${momentText(Date.parse(summary.startedAt))} to ${momentText(Date.parse(summary.endedAt))}`,
    ],
    ...(before ? gateFacts(before) : []),
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

function gateFacts({ gate, head }: Before): Fact[] {
  return [
    ['Gate open since', momentText(gate.openedAt)],
    ['Gate expires', momentText(gate.expiresAt)],
    ...(head
      ? [
          [
            'Decision log',
            html`${plural(head.length, 'entry', 'entries')}, head <code>${head.length}:${head.hash}</code>`,
          ] as const,
        ]
      : []),
  ]
}

function rolledOut({ batches, of }: { readonly batches: number; readonly of: number }): [string, string] {
  return ['batches rolled out in all', `${countText(batches)} of ${countText(of)}`]
}
