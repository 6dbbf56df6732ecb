import { dynamoDbGateStore } from '../adapters/dynamodb-gate-store/gate-store.ts'
import { dynamoDbGuessCounts } from '../adapters/dynamodb-guess-counts.ts'
import { systemClock } from '../adapters/system-clock.ts'
import { systemRandomness } from '../adapters/system-randomness.ts'
import { linkRecord } from '../ports/link-record.ts'
import { sourceWatch } from '../ports/source-watch.ts'
import { documentClient } from './clients.ts'
import { setting } from './settings.ts'
import { decisionLogStore, evidenceStore } from './stores.ts'

/** What both functions behind the approval page need. */
export function linkPorts() {
  const clock = systemClock
  const gates = dynamoDbGateStore(documentClient(), setting('gateTable'))
  const guesses = dynamoDbGuessCounts(documentClient(), setting('guessTable'))
  const log = decisionLogStore()
  const watch = sourceWatch({ guesses, clock, randomness: systemRandomness })
  const record = linkRecord({ gates, log, guesses, watch, clock })
  return { gates, evidence: evidenceStore(), log, clock, record }
}
