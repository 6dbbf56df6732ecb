import type { Effort } from '../evidence.ts'
import { prices } from './prices.ts'

/** How much of each thing that is paid for. */
export interface Units {
  readonly writeUnits: number
  readonly readUnits: number
  readonly gigabyteSeconds: number
  readonly requests: number
  readonly transitions: number
}

const priced: readonly (readonly [keyof Units, string, number])[] = [
  ['writeUnits', 'DynamoDB write units', prices.writeUnit],
  ['readUnits', 'DynamoDB read units', prices.readUnit],
  ['gigabyteSeconds', 'Lambda GB-seconds', prices.gigabyteSecond],
  ['requests', 'Lambda requests', prices.request],
  ['transitions', 'Step Functions transitions', prices.transition],
]

/** The units at list prices, in all and one by one. */
export function pricedUnits(units: Units): Pick<Effort, 'usd' | 'parts'> {
  const parts = priced.map(([name, what, price]) => {
    const count = Math.round(units[name] * 1_000) / 1_000
    return { what, units: count, usd: micros(count * price) }
  })
  return { usd: micros(parts.reduce((sum, { usd }) => sum + usd, 0)), parts }
}

/** No digits beyond the millionth of a dollar. */
const micros = (usd: number) => Math.round(usd * 1e6) / 1e6

export const milliseconds = (seconds: number): number => Math.round(seconds * 1_000) / 1_000
