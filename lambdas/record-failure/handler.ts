/** Outside the flow: EventBridge calls it when an execution has failed, timed out or was aborted. */
import { dynamoDbRunStore } from '../shared/adapters/dynamodb-run-store/run-store.ts'
import { sfnFailureSearch } from '../shared/adapters/sfn-executions/failure-search.ts'
import { snsNotifier } from '../shared/adapters/sns-notifier/notifier.ts'
import { documentClient, sfnClient, snsClient } from '../shared/handler/clients.ts'
import { setting } from '../shared/handler/settings.ts'
import { stepHandler } from '../shared/handler/step-handler.ts'
import { failureEvent, recordFailure } from './record-failure.ts'

const ports = {
  failures: sfnFailureSearch(sfnClient()),
  runs: dynamoDbRunStore(documentClient(), setting('checkpointTable')),
  notifier: snsNotifier(snsClient(), { notice: setting('noticeTopic') }),
}

export const handler = stepHandler({
  name: 'record-failure',
  input: failureEvent,
  run: (event) => recordFailure(event, ports),
})
