import type { Ledger } from '../ledger.ts'
import { countText } from '../wording/figures.ts'
import { barWidth, flowLayout, flowWidth, type FlowBand, type FlowNode } from './flow-layout.ts'
import { html, type Html } from './html.ts'

/** The ledger as a picture: what was extracted, and where each part of it went. The table beside it says the same. */
export function ledgerFlow(ledger: Ledger): Html {
  const { nodes, bands, height } = flowLayout(ledger)
  const said = nodes.map(({ name, count }) => `${countText(count)} ${name}`).join(', ')
  return html`<svg
    class="flow"
    viewBox="0 0 ${flowWidth} ${round(height)}"
    role="img"
    aria-label="${`Flow of records: ${said}.`}"
  >
    ${bands.map(band)}${nodes.map(node)}
  </svg>`
}

function band({ colour, x0, x1, from, to }: FlowBand): Html {
  const middle = (x0 + x1) / 2
  const [a, b, c, d] = [from[0], to[0], to[1], from[1]].map(round)
  const path = `M${x0} ${a}C${middle} ${a} ${middle} ${b} ${x1} ${b}V${c}C${middle} ${c} ${middle} ${d} ${x0} ${d}Z`
  return html`<path class="band c-${colour}" d="${path}" />`
}

function node({ name, count, colour, x, y, height }: FlowNode): Html {
  const left = x + barWidth + 7
  const bar = html`<rect
    class="c-${colour}"
    x="${x}"
    y="${round(y)}"
    width="${barWidth}"
    height="${round(Math.max(height, 1))}"
    rx="2"
  />`
  return html`${bar}<text class="count" x="${left}" y="${round(y + 14)}">${countText(count)}</text
    ><text x="${left}" y="${round(y + 31)}">${name}</text>`
}

const round = (n: number) => Math.round(n * 10) / 10
