import { noOpenEnds, type Ledger } from '../ledger.ts'
import { flowTree, type FlowPart } from './flow-tree.ts'

export interface FlowNode {
  readonly name: string
  readonly count: number
  readonly colour: string
  /** A reason is a detail of the part before it: written small, in one line. */
  readonly isReason: boolean
  readonly x: number
  readonly y: number
  readonly height: number
}

/** A band from the right edge of one node to the left edge of another, as wide at both ends; from and to are [top, bottom]. */
export interface FlowBand {
  readonly colour: string
  readonly count: number
  readonly isReason: boolean
  /** Names of the nodes that it joins. */
  readonly of: string
  readonly part: string
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

export const flowWidth = 480
export const barWidth = 12
const columns = [0, 150, 300] as const
const full = 190
const thinnest = 3
const gap = 10
const labelHeight = ({ isReason }: FlowPart) => (isReason ? 18 : 38)

/**
 * Where the picture of a ledger puts its bars and bands. Heights follow counts, but the smallest stay visible; what
 * is made of parts is as high as they are together, so that the picture adds up whatever was widened.
 */
export function flowLayout(ledger: Ledger, loads: boolean, failed = noOpenEnds): Flow {
  const tree = flowTree(ledger, loads, failed)
  const nodes: FlowNode[] = []
  const bands: FlowBand[] = []
  const bottoms = columns.map(() => 0)

  const place = (part: FlowPart, column: number): FlowNode => {
    const { name, count, colour, isReason } = part
    const own = nodes.length
    const earliest = bottoms[column] ?? 0
    // Parts come beside what they are of, or below, never above it.
    if (part.parts.length > 0) bottoms[column + 1] = Math.max(bottoms[column + 1] ?? 0, earliest)
    const children = part.parts.map((below) => place(below, column + 1))
    // Beside its first part, so that bands run level.
    const y = Math.max(earliest, children[0]?.y ?? 0)
    const height = heightOf(part, ledger.extracted)
    const node = { name, count, colour, isReason, x: columns[column] ?? 0, y, height }
    bottoms[column] = y + Math.max(height, labelHeight(part)) + gap
    let top = y
    for (const child of children) {
      const from = [top, top + child.height] as const
      const to = [child.y, child.y + child.height] as const
      const { colour, count, isReason } = child
      const ends = { of: name, part: child.name, x0: node.x + barWidth, x1: child.x, from, to }
      bands.push({ colour, count, isReason, ...ends })
      top += child.height
    }
    nodes.splice(own, 0, node)
    return node
  }
  place(tree, 0)
  return { nodes, bands, height: Math.max(...bottoms) - gap + 2 }
}

function heightOf({ count, parts }: FlowPart, whole: number): number {
  if (parts.length > 0) return parts.reduce((sum, part) => sum + heightOf(part, whole), 0)
  return count === 0 ? 0 : Math.max(thinnest, (count / Math.max(whole, count)) * full)
}
