import { gatePage } from '../shared/domain/page/gate-page.ts'
import { pageResponse, type PageResponse } from '../shared/domain/page/page-response.ts'
import { openLink, type LinkPorts } from '../shared/ports/gate-link.ts'

/**
 * The page of a gate. Opening it changes nothing, however often a mail scanner does.
 * @throws GateNotFound, GateClosed, EvidenceAltered.
 */
export async function showGate(capabilityText: string, ports: LinkPorts): Promise<PageResponse> {
  return pageResponse(200, gatePage(await openLink(capabilityText, ports)))
}
