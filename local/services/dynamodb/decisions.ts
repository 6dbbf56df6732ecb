import type { FromTables, ToTables } from './protocol.ts'

type Fields = Readonly<Record<string, unknown>>

const waiting = new Map<number, (refusal: string | undefined) => void>()
const known = new Map<string, Promise<string | undefined>>()

process.on('message', ({ id, refusal }: ToTables) => {
  waiting.get(id)?.(refusal)
  waiting.delete(id)
})

/**
 * Why the call is refused, or undefined. The main process decides, once for each key, operation and set of
 * tables, since the hot path cannot afford to ask each time. So a decision never sees items, keys or values.
 */
export function refusalOf(
  accessKeyId: string,
  operation: string,
  input: Fields,
): Promise<string | undefined> {
  const { TableName, IndexName, RequestItems, ResourceArn } = input
  const tables = typeof RequestItems === 'object' && RequestItems ? Object.keys(RequestItems) : []
  const key = [accessKeyId, operation, TableName, IndexName, ResourceArn, ...tables].join('\n')
  const decided = known.get(key)
  if (decided) return decided
  const scope = {
    ...(TableName === undefined ? {} : { TableName }),
    ...(IndexName === undefined ? {} : { IndexName }),
    ...(ResourceArn === undefined ? {} : { ResourceArn }),
    ...(tables.length > 0 ? { RequestItems: Object.fromEntries(tables.map((table) => [table, {}])) } : {}),
  }
  const decision = new Promise<string | undefined>((resolve) => {
    const id = known.size
    waiting.set(id, resolve)
    const message: FromTables = { type: 'authorize', id, accessKeyId, operation, input: scope }
    process.send?.(message)
  })
  known.set(key, decision)
  return decision
}
