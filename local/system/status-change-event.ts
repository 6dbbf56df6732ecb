import type { BusEvent } from '../services/events/bus.ts'
import type { ExecutionStatusChange } from '../states/ports.ts'

/** EventBridge's 'Step Functions Execution Status Change'. */
export function statusChangeEvent(change: ExecutionStatusChange): BusEvent {
  return {
    source: 'aws.states',
    'detail-type': 'Step Functions Execution Status Change',
    resources: [change.executionArn],
    detail: { ...change },
  }
}
