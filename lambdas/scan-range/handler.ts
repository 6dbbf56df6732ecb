/** Child of the Distributed Map ScanRanges in `stage`: finds record boundaries in one range of the source. */
import { migrations } from '../../migrations/registry.ts'
import { scanRangeInput } from '../shared/contract/payloads.ts'
import { findSegment } from '../shared/domain/definition/find.ts'
import { stepHandler } from '../shared/handler/step-handler.ts'
import { archiveStore, segmentSource } from '../shared/handler/stores.ts'
import { scanRange } from './scan-range.ts'

export const handler = stepHandler({
  name: 'scan-range',
  input: scanRangeInput,
  run: (input) => {
    const segment = findSegment(migrations, input.run.migration, input.segment)
    return scanRange(input, { source: segmentSource(segment), archive: archiveStore() })
  },
})
