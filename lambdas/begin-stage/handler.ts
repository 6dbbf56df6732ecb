/**
 * First state of each stage of each segment in `migrate`: says whether there is work, a calendar to wait for, a gate to
 * go back to, or nothing to do.
 */
import { migrations } from '../../migrations/registry.ts'
import { dynamoDbGateStore } from '../shared/adapters/dynamodb-gate-store/gate-store.ts'
import { systemClock } from '../shared/adapters/system-clock.ts'
import { stageRef } from '../shared/contract/payloads.ts'
import { findSegment } from '../shared/domain/definition/find.ts'
import { documentClient } from '../shared/handler/clients.ts'
import { setting } from '../shared/handler/settings.ts'
import { stepHandler } from '../shared/handler/step-handler.ts'
import {
  archiveStore,
  changeCalendars,
  checkpointStore,
  runStore,
  segmentSource,
} from '../shared/handler/stores.ts'
import { beginStage } from './begin-stage.ts'

export const handler = stepHandler({
  name: 'begin-stage',
  input: stageRef,
  run: (ref) => {
    const source = segmentSource(findSegment(migrations, ref.run.migration, ref.segment))
    const stores = { runs: runStore(), checkpoints: checkpointStore(), archive: archiveStore() }
    return beginStage(ref, {
      migrations,
      source,
      gates: dynamoDbGateStore(documentClient(), setting('gateTable')),
      clock: systemClock,
      calendars: changeCalendars(),
      ...stores,
    })
  },
})
