import type { ControlSum, Evidence } from '../evidence.ts'
import { countText, plural } from '../wording/figures.ts'
import { html, type Html } from './html.ts'
import { badge } from './icons.ts'

/** The control sums that the migration names: what the source says, and what the target holds. */
export function controlSumsSection({ summary: { controlSums = [] } }: Evidence): Html {
  if (controlSums.length === 0) return html``
  return html`<section class="card" aria-labelledby="control-sums">
    <h2 id="control-sums">Control sums</h2>
    <p class="soft small">
      Over the records that were compared, from a fresh read of the source and from the target.
    </p>
    ${controlSums.map(controlSum)}
  </section>`
}

function controlSum(sum: ControlSum): Html {
  const { name, field, by, tolerance, groups, off, expected, actual, examples } = sum
  const over = by === undefined ? html`` : html`, in ${plural(groups, 'group')} by <code>${by}</code>`
  const allowed = tolerance === 0 ? 'No deviation is allowed.' : `A group may be off by ${tolerance}.`
  return html`<h3>
      ${name} ${badge(off === 0 ? 'pass' : 'fail', off === 0 ? 'agrees' : `${countText(off)} off`)}
    </h3>
    <p class="soft small"><code>${field}</code>${over}. ${allowed}</p>
    <table class="sides">
      <thead>
        <tr>
          <th scope="col">In all</th>
          <th scope="col" class="v">Source</th>
          <th scope="col" class="v">Target</th>
        </tr>
      </thead>
      <tbody>
        ${side('Count', countText(expected.count), countText(actual.count))}
        ${side('Sum', expected.sum, actual.sum)} ${side('Smallest', expected.min, actual.min)}
        ${side('Largest', expected.max, actual.max)}
      </tbody>
    </table>
    ${examples.length > 0 && groupsThatDiffer(sum)}`
}

function groupsThatDiffer({ examples, off, by }: ControlSum): Html {
  const shown = examples.map(({ group, measure, expected, actual }) =>
    side(by === undefined ? measure : `${group}: ${measure}`, expected, actual),
  )
  return html`<table class="sides">
    <thead>
      <tr>
        <th scope="col">What is off${by !== undefined && html` (${plural(off, 'group')})`}</th>
        <th scope="col" class="v">Source</th>
        <th scope="col" class="v">Target</th>
      </tr>
    </thead>
    <tbody>
      ${shown}
    </tbody>
  </table>`
}

function side(name: string, expected: string | null, actual: string | null): Html {
  const differs = expected !== actual && html` class="differs"`
  return html`<tr${differs}>
    <th scope="row">${name}</th>
    <td class="v">${expected ?? 'nothing'}</td>
    <td class="v">${actual ?? 'nothing'}</td>
  </tr>`
}
