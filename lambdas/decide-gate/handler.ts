/** Behind the HTTP API, POST: records what an approver decided on the page, and rings the run that waits. */
import { dynamoDbGateStore } from '../shared/adapters/dynamodb-gate-store/gate-store.ts'
import { s3ObjectStore } from '../shared/adapters/s3-object-store.ts'
import { sfnExecutions } from '../shared/adapters/sfn-executions/executions.ts'
import { systemClock } from '../shared/adapters/system-clock.ts'
import { documentClient, s3Client, sfnClient } from '../shared/handler/clients.ts'
import { httpHandler } from '../shared/handler/http-handler.ts'
import { approvers, setting } from '../shared/handler/settings.ts'
import { logger } from '../shared/handler/telemetry.ts'
import { decideGate } from './decide-gate.ts'

const ports = {
  gates: dynamoDbGateStore(documentClient(), setting('gateTable')),
  evidence: s3ObjectStore(s3Client(), setting('evidenceBucket')),
  executions: sfnExecutions(sfnClient()),
  clock: systemClock,
  approvers: approvers(),
}

export const handler = httpHandler({
  name: 'decide-gate',
  respond: async (request) => {
    const { response, gate, bell } = await decideGate(request, ports)
    if (gate) logger.info('a decision is recorded', { gate: gate.id, status: gate.status })
    // The run then finds the decision when its state is entered again, at the latest after a reminder interval.
    if (bell instanceof Error)
      logger.error('the bell could not be rung', { error: bell.name, reason: bell.message })
    return response
  },
})
