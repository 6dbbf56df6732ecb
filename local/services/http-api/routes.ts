import type { HttpApiModel } from '../../assembly/model.ts'

export type Route = HttpApiModel['routes'][number]

export interface Match {
  readonly route: Route
  readonly pathParameters: Readonly<Record<string, string>>
}

const methods = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'])

/**
 * Chooses as an HTTP API does: a full match before a greedy one (`{proxy+}`), that before `$default`; among full
 * matches the one that is literal the longest; the method itself before ANY. HEAD is a method like any other.
 */
export function matchRoute(routes: readonly Route[], method: string, path: string): Match | undefined {
  const candidates = routes.flatMap((route) => {
    const match = matchOne(route, method, path)
    return match ? [match] : []
  })
  return candidates.toSorted((a, b) => (a.rank < b.rank ? -1 : 1))[0]
}

function matchOne(route: Route, method: string, path: string): (Match & { rank: string }) | undefined {
  if (route.routeKey === '$default') return { route, pathParameters: {}, rank: '9' }
  const [wanted = '', pattern = ''] = route.routeKey.split(' ')
  if (wanted !== 'ANY' && (wanted !== method || !methods.has(method))) return undefined
  const segments = path.split('/')
  const pieces = pattern.split('/')
  const pathParameters: Record<string, string> = {}
  let rank = ''
  for (const [index, piece] of pieces.entries()) {
    const name = /^\{([^}]+?)(\+?)\}$/.exec(piece)
    const segment = name?.[2] === '+' ? segments.slice(index).join('/') : segments[index]
    if (segment === undefined || (name && segment === '')) return undefined
    if (name?.[1] === undefined) {
      if (piece !== segment) return undefined
      rank += '0'
      continue
    }
    pathParameters[name[1]] = decode(segment)
    if (name[2] === '+') return { route, pathParameters, rank: `5${rank}9${wanted === 'ANY' ? 1 : 0}` }
    rank += '1'
  }
  if (pieces.length !== segments.length) return undefined
  return { route, pathParameters, rank: `0${rank}${wanted === 'ANY' ? 1 : 0}` }
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch (error) {
    if (error instanceof URIError) return text
    throw error
  }
}
