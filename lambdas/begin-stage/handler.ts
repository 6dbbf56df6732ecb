/**
 * First state of each stage of each segment in `migrate`: says whether there is work, a gate to go back to, or
 * nothing to do.
 */
import { migrations } from '../../migrations/registry.ts'
import { systemClock } from '../shared/adapters/system-clock.ts'
import { stageRef } from '../shared/contract/payloads.ts'
import { stepHandler } from '../shared/handler/step-handler.ts'
import { runStore } from '../shared/handler/stores.ts'
import { beginStage } from './begin-stage.ts'

export const handler = stepHandler({
  name: 'begin-stage',
  input: stageRef,
  run: (ref) => beginStage(ref, { migrations, runs: runStore(), clock: systemClock }),
})
