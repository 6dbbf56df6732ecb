/**
 * `migrate`, between judge and act: the gate. Step Functions calls it with a task token and waits until
 * somebody decides, or until it is time to remind; then the state, and with it this function, is entered again.
 */
import { migrations } from '../../migrations/registry.ts'
import { dynamoDbGateStore } from '../shared/adapters/dynamodb-gate-store/gate-store.ts'
import { dynamoDbRunStore } from '../shared/adapters/dynamodb-run-store/run-store.ts'
import { s3ObjectStore } from '../shared/adapters/s3-object-store.ts'
import { sfnExecutions } from '../shared/adapters/sfn-executions/executions.ts'
import { snsNotifier } from '../shared/adapters/sns-notifier/notifier.ts'
import { systemClock } from '../shared/adapters/system-clock.ts'
import { systemRandomness } from '../shared/adapters/system-randomness.ts'
import { awaitDecisionInput } from '../shared/contract/payloads.ts'
import { documentClient, s3Client, sfnClient, snsClient } from '../shared/handler/clients.ts'
import { approvers, setting } from '../shared/handler/settings.ts'
import { decisionLogStore } from '../shared/handler/stores.ts'
import { stepHandler } from '../shared/handler/step-handler.ts'
import { awaitDecision } from './await-decision.ts'

const ports = {
  migrations,
  runs: dynamoDbRunStore(documentClient(), setting('checkpointTable')),
  gates: dynamoDbGateStore(documentClient(), setting('gateTable')),
  evidence: s3ObjectStore(s3Client(), setting('evidenceBucket')),
  notifier: snsNotifier(snsClient(), { approval: setting('approvalTopic') }),
  executions: sfnExecutions(sfnClient()),
  log: decisionLogStore(),
  clock: systemClock,
  randomness: systemRandomness,
  approvers: approvers(),
  approvalUrl: setting('approvalUrl'),
}

export const handler = stepHandler({
  name: 'await-decision',
  input: awaitDecisionInput,
  run: async (input, { logger, metrics }) => {
    const { decision, asked, waitingHours, unconfirmed } = await awaitDecision(input, ports)
    metrics.count('GateWaitingHours', waitingHours)
    metrics.count('ApproversUnconfirmed', unconfirmed.length)
    if (unconfirmed.length > 0) {
      const roles = unconfirmed.map(({ role }) => role)
      logger.warn('approvers were not asked', { gate: input.gate, error: 'SubscriptionNotConfirmed', roles })
    }
    logger.info(decision ? 'the gate is decided' : 'the gate is open', { gate: input.gate, decision, asked })
    return { gate: input.gate, asked }
  },
})
