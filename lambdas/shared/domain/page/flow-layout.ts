import { total, type Ledger } from '../ledger.ts'

export interface FlowNode {
  readonly name: string
  readonly count: number
  readonly colour: string
  readonly x: number
  readonly y: number
  readonly height: number
}

/** A band from the right edge of one node to the left edge of another; from and to are [top, bottom]. */
export interface FlowBand {
  readonly colour: string
  readonly x0: number
  readonly x1: number
  readonly from: readonly [number, number]
  readonly to: readonly [number, number]
}

export interface Flow {
  readonly nodes: readonly FlowNode[]
  readonly bands: readonly FlowBand[]
  readonly height: number
}

type Part = readonly [name: string, count: number, colour: string]

export const flowWidth = 400
export const barWidth = 12
const full = 190
const label = 38
const gap = 12

/** Where the picture of a ledger puts its bars and bands: heights follow counts, and the smallest stay visible. */
export function flowLayout(ledger: Ledger): Flow {
  const sorted: Part[] = [
    ['mapped', ledger.mapped, 'flow'],
    ['filtered', total(ledger.filtered), 'grey'],
    ['quarantined', total(ledger.quarantined), 'fail'],
  ]
  const written: Part[] = [
    ['loaded', ledger.loaded, 'pass'],
    ['unchanged', ledger.unchanged, 'calm'],
    ['conflicted', ledger.conflicted, 'breach'],
  ]
  const loads = written.some(([, count]) => count > 0)
  const middle = column(sorted, loads ? 136 : 220, ledger.extracted)
  const right = loads ? column(written, 276, ledger.extracted) : []
  const extracted = {
    name: 'extracted',
    count: ledger.extracted,
    colour: 'flow',
    x: 0,
    y: 0,
    height: heights(middle),
  }
  const nodes = [extracted, ...middle, ...right]
  const bands = [...join(extracted, middle), ...(middle[0] ? join(middle[0], right) : [])]
  return { nodes, bands, height: Math.max(...nodes.map(({ y, height }) => y + Math.max(height, label))) + 2 }
}

function column(parts: readonly Part[], x: number, whole: number): FlowNode[] {
  let y = 0
  return parts.map(([name, count, colour]) => {
    const height = count === 0 ? 0 : Math.max(3, (count / whole) * full)
    const node = { name, count, colour, x, y, height }
    y += Math.max(height, label) + gap
    return node
  })
}

const heights = (nodes: readonly FlowNode[]) => nodes.reduce((sum, { height }) => sum + height, 0)

function join(from: FlowNode, to: readonly FlowNode[]): FlowBand[] {
  const ratio = heights(to) === 0 ? 0 : from.height / heights(to)
  let top = from.y
  return to
    .filter(({ height }) => height > 0)
    .map(({ colour, x, y, height }) => {
      const start = top
      top += height * ratio
      return { colour, x0: from.x + barWidth, x1: x, from: [start, top], to: [y, y + height] }
    })
}
