import { noOpenEnds, type Ledger } from '../ledger.ts'
import { countText } from '../wording/figures.ts'
import { barWidth, flowLayout, flowWidth, type FlowBand, type FlowNode } from './flow-layout.ts'
import { html, type Html } from './html.ts'

/** The ledger as a picture: what was extracted, and where each part of it went. The tables beside it say the same. */
export function ledgerFlow(ledger: Ledger, loads: boolean, failed = noOpenEnds): Html {
  const { nodes, bands, height } = flowLayout(ledger, loads, failed)
  const said = nodes
    .filter(({ isReason }) => !isReason)
    .toSorted((a, b) => a.x - b.x)
    .map(({ name, count }) => `${countText(count)} ${name}`)
    .join(', ')
  return html`<svg
    class="flow"
    viewBox="0 0 ${flowWidth} ${round(height)}"
    role="img"
    aria-label="${`Flow of records: ${said}.`}"
  >
    ${bands.map(band)}${nodes.map(node)}
  </svg>`
}

function band({ colour, isReason, x0, x1, from, to }: FlowBand): Html {
  const middle = (x0 + x1) / 2
  const [a, b, c, d] = [from[0], to[0], to[1], from[1]].map(round)
  const path = `M${x0} ${a}C${middle} ${a} ${middle} ${b} ${x1} ${b}V${c}C${middle} ${c} ${middle} ${d} ${x0} ${d}Z`
  return html`<path class="band c-${colour}${isReason && ' reason'}" d="${path}" />`
}

function node(one: FlowNode): Html {
  const { colour, x, y, height } = one
  return html`<rect
      class="c-${colour}${one.isReason && ' reason'}"
      x="${x}"
      y="${round(y)}"
      width="${barWidth}"
      height="${round(Math.max(height, 1))}"
      rx="2"
    />${one.isReason ? reasonLabel(one) : label(one)}`
}

/** Where bands are narrower than the label, it would be hard to read across their edges. */
const labelHeight = 36

function label({ name, count, x, y, height }: FlowNode): Html {
  const left = x + barWidth + 7
  const over = height < labelHeight && ' over'
  return html`<text class="count${over}" x="${left}" y="${round(y + 14)}">${countText(count)}</text
    ><text class="name${over}" x="${left}" y="${round(y + 31)}">${name}</text>`
}

const longest = 19

function reasonLabel({ name, count, x, y }: FlowNode): Html {
  const text = [...name]
  const shown = text.length > longest ? `${text.slice(0, longest - 1).join('')}…` : name
  return html`<text class="reason" x="${x + barWidth + 7}" y="${round(y + 12)}">
    <tspan class="count">${countText(count)}</tspan> ${shown}
  </text>`
}

const round = (n: number) => Math.round(n * 10) / 10
