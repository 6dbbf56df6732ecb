import type { Difference, Evidence } from '../evidence.ts'
import { countText } from '../wording/figures.ts'
import { bar } from './bar.ts'
import { html, type Html } from './html.ts'
import { isWritten } from './is-written.ts'

/** What a fresh read of the source found in the target: totals, differences by field, and examples. */
export function reconciliationSection(evidence: Evidence): Html {
  const { reconciliation: found, differences } = evidence.summary
  const fields = Object.entries(found.fields).sort(([, a], [, b]) => b - a)
  return html`<section class="card" aria-labelledby="reconciliation">
    <h2 id="reconciliation">Reconciliation</h2>
    ${isWritten(evidence) ? totals(found) : rehearsed(found.compared)}
    ${fields.length > 0 && byField(fields, found.compared)}
    ${
      differences.length > 0 &&
      html`<h3>Examples of differences</h3>
        <ul class="list">
          ${differences.map(example)}
        </ul>`
    }
  </section>`
}

function rehearsed(compared: number): Html {
  return html`<p>
    Nothing of this stage is in the target.
    ${
      compared > 0 &&
      `${countText(compared)} records were mapped a second time, from a fresh read of the source: the mapping must always give the same answer.`
    }
  </p>`
}

function totals({
  compared,
  missing,
  different,
  unexpected,
  wholeTarget,
}: Evidence['summary']['reconciliation']): Html {
  return html`<p class="soft small">
      The mapping, applied to a fresh read of the source, against what the target holds.
    </p>
    <dl class="tiles">
      ${tile('compared', compared)}${tile('missing', missing)}${tile('different', different)}
      ${wholeTarget && tile('unexpected', unexpected)}
    </dl>
    ${
      wholeTarget
        ? html`<p>
            The whole target scope was counted: ${countText(wholeTarget.counted)} items, of which the source
            explains ${countText(wholeTarget.explained)}.
          </p>`
        : html`<p class="soft small">The whole target scope is counted at the last stage only.</p>`
    }`
}

function tile(name: string, count: number): Html {
  return html`<div>
    <dt>${name}</dt>
    <dd>${countText(count)}</dd>
  </div>`
}

function byField(fields: readonly (readonly [string, number])[], compared: number): Html {
  const most = Math.max(...fields.map(([, count]) => count))
  return html`<h3>Differences by field</h3>
    <p class="soft small">Records in which a field differs, of ${countText(compared)} compared.</p>
    <table class="bars">
      <caption class="unseen">
        Differences by field
      </caption>
      <tbody>
        ${fields.map(
          ([field, count]) =>
            html`<tr>
              <th scope="row"><code>${field}</code></th>
              <td>${bar([{ to: count / most, colour: 'fail' }])}</td>
              <td class="n">${countText(count)}</td>
            </tr>`,
        )}
      </tbody>
    </table>`
}

function example({ kind, key, field, expected, actual }: Difference): Html {
  return html`<li>
    <p>
      <b>${kind}</b>${field !== undefined && html` in <code>${field}</code>`} &middot; <code>${key}</code>
    </p>
    ${
      (expected !== undefined || actual !== undefined) &&
      html`<dl class="was">
        <dt>expected</dt>
        <dd><code>${expected ?? 'absent'}</code></dd>
        <dt>actual</dt>
        <dd><code>${actual ?? 'absent'}</code></dd>
      </dl>`
    }
  </li>`
}
