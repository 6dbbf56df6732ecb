/**
 * `migrate`, after the stage has run: holds the criteria against the stage's summary, writes the evidence and
 * puts it before the gate. Next comes await-decision.
 */
import { migrations } from '../../migrations/registry.ts'
import { dynamoDbGateStore } from '../shared/adapters/dynamodb-gate-store/gate-store.ts'
import { dynamoDbRunStore } from '../shared/adapters/dynamodb-run-store/run-store.ts'
import { s3ObjectStore } from '../shared/adapters/s3-object-store.ts'
import { systemClock } from '../shared/adapters/system-clock.ts'
import { judgeInput } from '../shared/contract/payloads.ts'
import { documentClient, s3Client } from '../shared/handler/clients.ts'
import { setting } from '../shared/handler/settings.ts'
import { decisionLogStore } from '../shared/handler/stores.ts'
import { stepHandler } from '../shared/handler/step-handler.ts'
import { judge } from './judge.ts'

const ports = {
  migrations,
  runs: dynamoDbRunStore(documentClient(), setting('checkpointTable')),
  gates: dynamoDbGateStore(documentClient(), setting('gateTable')),
  archive: s3ObjectStore(s3Client(), setting('archiveBucket')),
  evidence: s3ObjectStore(s3Client(), setting('evidenceBucket')),
  log: decisionLogStore(),
  clock: systemClock,
}

export const handler = stepHandler({
  name: 'judge',
  input: judgeInput,
  run: async (input, { logger }) => {
    const judgement = await judge(input, ports)
    logger.info('judged', { ...judgement })
    return judgement
  },
})
