import { countText, plural } from '../wording/figures.ts'
import { assumptions } from './assumptions.ts'
import type { Circumstances, Rehearsed } from './stage-work.ts'

/** What a forecast rests on, in sentences. */
export function basisOf(
  { records, seconds }: Rehearsed,
  mapped: { readonly records: number; readonly bytes: number; readonly writeUnits: number },
  { concurrency }: Circumstances,
): string[] {
  const rate = seconds > 0 ? ` at ${countText(records / seconds)} a second` : ''
  const size = mapped.records > 0 ? mapped.bytes / mapped.records : 0
  return [
    `Reading and mapping were measured: rehearse took ${plural(records, 'record')} through all steps but the load${rate}.`,
    `The size of items was measured: ${plural(mapped.records, 'item')} of ${plural(size, 'byte')} on average take ` +
      `${plural(mapped.writeUnits, 'write unit')}.`,
    `Loading was not measured, because rehearse writes nothing: it is taken to be ${countText(assumptions.writesPerFunction)} ` +
      `writes a second in each of at most ${plural(concurrency, 'function')}, and at most ` +
      `${countText(assumptions.writeUnitsOfTable)} write units a second in all, which a new on-demand table takes.`,
    'It holds where nothing is retried, and what rehearse staged has not expired. Costs are those of the functions that ' +
      'work on batches, of state transitions and of the target.',
  ]
}
