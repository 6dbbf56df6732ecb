import { gatePage } from '../shared/domain/page/gate-page.ts'
import { pageResponse, type PageResponse } from '../shared/domain/page/page-response.ts'
import { isPrefetch } from '../shared/domain/page/prefetch.ts'
import type { DecisionLog } from '../shared/ports/decision-log.ts'
import { openLink, type LinkPorts } from '../shared/ports/gate-link.ts'
import type { LinkRecord } from '../shared/ports/link-record.ts'

export interface ShowGatePorts extends LinkPorts {
  readonly record: Pick<LinkRecord, 'opened'>
  readonly log: Pick<DecisionLog, 'head'>
}

export interface ShowRequest {
  readonly capability: string
  readonly method: string
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string | undefined>>
}

export interface Shown {
  readonly response: PageResponse
  /** Why the decision log could not be told: the page is shown all the same, and the next look tells it. */
  readonly unlogged?: unknown
}

/**
 * The page of a gate. Opening it changes nothing at the gate, however often a mail scanner does.
 * @throws GateNotFound, GateClosed, EvidenceAltered.
 */
export async function showGate(request: ShowRequest, ports: ShowGatePorts): Promise<Shown> {
  const link = await openLink(request.capability, ports)
  try {
    await ports.record.opened(link, viewOf(request))
    const head = await ports.log.head(link.gate.migration)
    return { response: pageResponse(200, gatePage({ ...link, head })) }
  } catch (unlogged) {
    return { response: pageResponse(200, gatePage(link)), unlogged }
  }
}

function viewOf({ method, headers }: ShowRequest) {
  if (isPrefetch(headers)) return 'PREFETCH'
  return method === 'HEAD' ? 'HEAD' : 'GET'
}
