/** `migrate`, the last state of a stage: does what the gate says. What follows is the next stage, or close-run. */
import { dynamoDbGateStore } from '../shared/adapters/dynamodb-gate-store/gate-store.ts'
import { dynamoDbRunStore } from '../shared/adapters/dynamodb-run-store/run-store.ts'
import { actInput } from '../shared/contract/payloads.ts'
import { documentClient } from '../shared/handler/clients.ts'
import { setting } from '../shared/handler/settings.ts'
import { decisionLogStore } from '../shared/handler/stores.ts'
import { stepHandler } from '../shared/handler/step-handler.ts'
import { act } from './act.ts'

const ports = {
  runs: dynamoDbRunStore(documentClient(), setting('checkpointTable')),
  gates: dynamoDbGateStore(documentClient(), setting('gateTable')),
  log: decisionLogStore(),
}

export const handler = stepHandler({ name: 'act', input: actInput, run: (input) => act(input, ports) })
