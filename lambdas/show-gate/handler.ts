/** Behind the HTTP API, GET and HEAD: the page that a link in an approver's mail opens. It changes nothing at a gate. */
import { httpHandler } from '../shared/handler/http-handler.ts'
import { linkPorts } from '../shared/handler/link-ports.ts'
import { logger } from '../shared/handler/telemetry.ts'
import { showGate } from './show-gate.ts'

const ports = linkPorts()

export const handler = httpHandler({
  name: 'show-gate',
  respond: async (request) => {
    const { response, unlogged } = await showGate(request, ports)
    if (unlogged instanceof Error)
      logger.error('a look is not in the decision log', { error: unlogged.name, reason: unlogged.message })
    return response
  },
  refused: ports.record.refused,
})
