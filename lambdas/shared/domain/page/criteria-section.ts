import type { Verdict } from '../../contract/stages.ts'
import type { Evidence, JudgedCriterion } from '../evidence.ts'
import { figureText, figureTitle, limitText } from '../wording/figures.ts'
import { html, type Html } from './html.ts'
import { badge } from './icons.ts'

const first: readonly Verdict[] = ['breach', 'fail', 'pass']

/** The verdict table: what was asked, what came out, and what that is worth, in words. The worst comes first. */
export function criteriaSection({ criteria }: Evidence): Html {
  const sorted = first.flatMap((verdict) => criteria.filter((line) => line.verdict === verdict))
  return html`<section class="card" aria-labelledby="criteria">
    <h2 id="criteria">Criteria</h2>
    <table class="criteria" role="table">
      <thead role="rowgroup">
        <tr role="row">
          ${heads.map(head)}
        </tr>
      </thead>
      <tbody role="rowgroup">
        ${sorted.map(row)}
      </tbody>
    </table>
  </section>`
}

const heads = ['Criterion', 'Limit', 'Actual', 'Verdict'] as const

function head(name: (typeof heads)[number]): Html {
  const side = (name === 'Actual' || name === 'Verdict') && html` class="n"`
  return html`<th role="columnheader" scope="col" ${side}>${name}</th>`
}

/** On a phone a row becomes a small card; the roles keep it a table for those who listen to it. */
function row(line: JudgedCriterion): Html {
  return html`<tr role="row">
    <th role="rowheader" scope="row">${figureTitle(line.figure)}<small>${line.meaning}</small></th>
    <td role="cell" class="limit" data-name="Limit">${limitText(line)}</td>
    <td role="cell" class="n actual" data-name="Actual">${figureText(line.figure, line.actual)}</td>
    <td role="cell" class="n verdict">${badge(line.verdict)}</td>
  </tr>`
}
