/** Behind the HTTP API, GET: the page that a link in an approver's mail opens. It reads and changes nothing. */
import { dynamoDbGateStore } from '../shared/adapters/dynamodb-gate-store/gate-store.ts'
import { s3ObjectStore } from '../shared/adapters/s3-object-store.ts'
import { systemClock } from '../shared/adapters/system-clock.ts'
import { documentClient, s3Client } from '../shared/handler/clients.ts'
import { httpHandler } from '../shared/handler/http-handler.ts'
import { setting } from '../shared/handler/settings.ts'
import { showGate } from './show-gate.ts'

const ports = {
  gates: dynamoDbGateStore(documentClient(), setting('gateTable')),
  evidence: s3ObjectStore(s3Client(), setting('evidenceBucket')),
  clock: systemClock,
}

export const handler = httpHandler({
  name: 'show-gate',
  respond: ({ capability }) => showGate(capability, ports),
})
