import type { Evidence } from '../evidence.ts'
import { countText } from '../wording/figures.ts'
import { bar } from './bar.ts'
import { html, type Html } from './html.ts'
import { legend } from './legend.ts'

/** How far the segment is over all stages: what was rolled out before, what this stage added, and what is left. */
export function rolloutSection({ summary: { rollout, batches, stage } }: Evidence): Html {
  if (rollout === undefined || rollout.batches === 0) return html``
  const now = Math.min(batches.done, rollout.batches)
  const before = rollout.batches - now
  const left = Math.max(0, rollout.of - rollout.batches)
  const until = rollout.batches / rollout.of
  return html`<section class="card" aria-labelledby="rollout">
    <h2 id="rollout">Rollout</h2>
    <p class="soft small">
      ${countText(rollout.batches)} of ${countText(rollout.of)} batches are in the target, with
      ${countText(rollout.ledger.loaded + rollout.ledger.unchanged)} records.
    </p>
    ${bar([
      { to: before / rollout.of, colour: 'calm' },
      { from: before / rollout.of, to: until, colour: 'flow' },
    ])}
    ${legend([
      ['calm', html`earlier stages: <b>${countText(before)}</b>`],
      ['flow', html`stage ${stage}: <b>${countText(now)}</b>`],
      ['track', html`still to come: <b>${countText(left)}</b>`],
    ])}
  </section>`
}
