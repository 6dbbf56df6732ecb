/** Behind the HTTP API, POST: records what an approver decided on the page, and rings the run that waits. */
import { sfnExecutions } from '../shared/adapters/sfn-executions/executions.ts'
import { sfnClient } from '../shared/handler/clients.ts'
import { httpHandler, recordRefusal } from '../shared/handler/http-handler.ts'
import { linkPorts } from '../shared/handler/link-ports.ts'
import { approvers } from '../shared/handler/settings.ts'
import { logger } from '../shared/handler/telemetry.ts'
import { decideGate } from './decide-gate.ts'

const ports = { ...linkPorts(), executions: sfnExecutions(sfnClient()), approvers: approvers() }
const { refused } = ports.record

export const handler = httpHandler({
  name: 'decide-gate',
  respond: async (request) => {
    const decided = await decideGate(request, ports)
    const { response, gate, bell, unlogged } = decided
    if (decided.refused) await recordRefusal(refused, decided.refused, request)
    else if (gate) logger.info('a decision is recorded', { gate: gate.id, status: gate.status })
    // The run then finds the decision when its state is entered again, at the latest after a reminder interval.
    if (bell instanceof Error)
      logger.error('the bell could not be rung', { error: bell.name, reason: bell.message })
    // Act appends it before the stage goes on.
    if (unlogged)
      logger.error('a decision may not be in the log yet', { error: unlogged.name, reason: unlogged.message })
    return response
  },
  refused,
})
