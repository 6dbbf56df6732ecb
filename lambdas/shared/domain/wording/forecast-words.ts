import type { Effort } from '../evidence.ts'

const times = new Intl.NumberFormat('en-GB', { maximumFractionDigits: 1 })

/** How a stage compares with its forecast, in one sentence. */
export function comparedText(forecast: Effort, actual: Effort): string {
  const time = compared(actual.seconds, forecast.seconds, ['about as long', 'longer', 'shorter'])
  const cost = compared(actual.usd, forecast.usd, ['about as much', 'more', 'less'])
  return `The stage took ${time}. It cost ${cost}.`
}

type Words = readonly [same: string, above: string, below: string]

/** Within a tenth it is as forecast: nobody can foretell better. */
function compared(actual: number, forecast: number, [same, above, below]: Words): string {
  if (forecast <= 0) return actual > 0 ? `${above} than forecast` : `${same} as forecast`
  const ratio = actual / forecast
  if (ratio >= 2) return `${times.format(ratio)} times what was forecast`
  const percent = Math.round(Math.abs(ratio - 1) * 100)
  return percent <= 10 ? `${same} as forecast` : `${percent} % ${ratio > 1 ? above : below} than forecast`
}
