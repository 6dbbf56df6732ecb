import { html, type Html } from './html.ts'

/** A piece of a bar: from where it begins to where it ends, as shares of the whole. */
export interface BarPiece {
  readonly from?: number
  readonly to: number
  readonly colour: 'flow' | 'grey' | 'pass' | 'fail' | 'breach' | 'calm'
  /** Thinner than the others, and in front of them. */
  readonly isThin?: boolean
}

const width = 1000
const inBar = (share: number) => Math.round(Math.min(1, Math.max(0, share)) * width)

/** A bar as wide as its place. It repeats what a number beside it says, so nobody has to hear it. */
export function bar(pieces: readonly BarPiece[]): Html {
  return html`<svg class="bar" viewBox="0 0 ${width} 12" preserveAspectRatio="none" aria-hidden="true">
    <rect class="track" width="${width}" height="12" />
    ${pieces.map(piece)}
  </svg>`
}

/** What is there is seen, however little it is. */
const leastSeen = 4

function piece({ from = 0, to, colour, isThin = false }: BarPiece): Html {
  const left = inBar(from)
  const seen = to > from ? Math.max(leastSeen, inBar(to) - left) : 0
  const x = Math.min(left, width - seen)
  const [y, height] = isThin ? [4, 4] : [0, 12]
  return html`<rect class="c-${colour}" x="${x}" y="${y}" width="${seen}" height="${height}" />`
}
