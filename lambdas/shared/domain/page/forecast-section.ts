import type { Effort, Evidence, Forecast } from '../evidence.ts'
import { countText, durationText, plural } from '../wording/figures.ts'
import { comparedText } from '../wording/forecast-words.ts'
import { usdText } from '../wording/usd.ts'
import { bar } from './bar.ts'
import { html, type Html } from './html.ts'
import { legend } from './legend.ts'

/** What rehearse forecasts for each later stage; in a later stage, its own forecast beside what it came to. */
export function forecastSection({ summary: { forecast } }: Evidence): Html {
  if (forecast === undefined) return html``
  const [own] = forecast.stages
  const content = forecast.actual && own ? comparison(own, forecast.actual) : ahead(forecast)
  return html`<section class="card" aria-labelledby="forecast">
    <h2 id="forecast">${forecast.actual ? 'Forecast and actual' : 'Forecast of the stages to come'}</h2>
    ${content} ${forecast.basis && html`<p class="soft small">${forecast.basis.join(' ')}</p>`}
    <p class="soft small">Costs are list prices of ${forecast.prices}, and no bill.</p>
  </section>`
}

function ahead({ stages }: Forecast): Html {
  if (stages.length === 0) return html`<p class="soft">No stage follows.</p>`
  const longest = Math.max(...stages.map(({ seconds }) => seconds))
  return html`<table class="bars">
    <thead>
      <tr>
        <th scope="col">Stage</th>
        <th scope="col"><span class="unseen">Duration as a bar</span></th>
        <th scope="col" class="n">Duration</th>
        <th scope="col" class="n">Cost, USD</th>
      </tr>
    </thead>
    <tbody>
      ${stages.map(
        ({ stage, records, seconds, usd }) =>
          html`<tr>
            <th scope="row">${stage}<small>${plural(records, 'record')}</small></th>
            <td>${bar([{ to: longest > 0 ? seconds / longest : 0, colour: 'flow' }])}</td>
            <td class="n">${durationText(seconds)}</td>
            <td class="n">${usdText(usd)}</td>
          </tr>`,
      )}
    </tbody>
  </table>`
}

function comparison(forecast: Effort, actual: Effort): Html {
  return html`<p>${comparedText(forecast, actual)}</p>
    ${legend([
      ['grey', 'forecast'],
      ['flow', 'actual'],
    ])}
    <table class="bars against" role="table">
      <thead role="rowgroup">
        <tr role="row">
          <th role="columnheader" scope="col"><span class="unseen">What</span></th>
          <th role="columnheader" scope="col"><span class="unseen">As bars</span></th>
          <th role="columnheader" scope="col" class="n">Forecast</th>
          <th role="columnheader" scope="col" class="n">Actual</th>
        </tr>
      </thead>
      <tbody role="rowgroup">
        ${against('Duration', forecast.seconds, actual.seconds, durationText)}
        ${against('Records', forecast.records, actual.records, countText)}
        ${against('Cost, USD', forecast.usd, actual.usd, usdText)}
        ${actual.parts.map(({ what, usd }) => {
          const planned = forecast.parts.find((part) => part.what === what)?.usd ?? 0
          return against(what, planned, usd, usdText, 'part')
        })}
      </tbody>
    </table>`
}

/** On a phone a row becomes a small block; the roles keep it a table for those who listen to it. */
function against(
  name: string,
  forecast: number,
  actual: number,
  text: (n: number) => string,
  kind: 'whole' | 'part' = 'whole',
): Html {
  const most = Math.max(forecast, actual)
  const share = (n: number) => (most > 0 ? n / most : 0)
  const pieces = [
    { to: share(forecast), colour: 'grey' },
    { to: share(actual), colour: 'flow', isThin: true },
  ] as const
  return html`<tr role="row" class="${kind}">
    <th role="rowheader" scope="row">${name}</th>
    <td role="cell">${bar(pieces)}</td>
    <td role="cell" class="n" data-name="Forecast">${text(forecast)}</td>
    <td role="cell" class="n" data-name="Actual">${text(actual)}</td>
  </tr>`
}
