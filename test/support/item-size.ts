const mostBytes = 400 * 1024

/** Refuses what DynamoDB would: an item of more than 400 KB. Its JSON is a little longer than what it counts. */
export function requireItemSize(content: unknown): void {
  if (Buffer.byteLength(JSON.stringify(content)) <= mostBytes) return
  const error = new Error('Item size has exceeded the maximum allowed size')
  throw Object.assign(error, { name: 'ValidationException' })
}
