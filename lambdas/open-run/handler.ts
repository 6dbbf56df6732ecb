/**
 * First state of `migrate`: everything that can be refused is refused here, before any work. What it answers,
 * the run and its waves, is what the rest of the state machine goes by.
 */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { migrations } from '../../migrations/registry.ts'
import { lambdaFunctionLimits } from '../shared/adapters/lambda-function-limits.ts'
import { sfnExecutions } from '../shared/adapters/sfn-executions/executions.ts'
import { openRunInput } from '../shared/contract/payloads.ts'
import { lambdaClient, sfnClient } from '../shared/handler/clients.ts'
import { approvers, batchFunctions, deployedFingerprint, setting } from '../shared/handler/settings.ts'
import { stepHandler } from '../shared/handler/step-handler.ts'
import {
  approvalMails,
  archiveStore,
  changeCalendars,
  runStore,
  segmentSource,
  segmentTarget,
} from '../shared/handler/stores.ts'
import { openRun } from './open-run.ts'

export const handler = stepHandler({
  name: 'open-run',
  input: openRunInput,
  run: async (input, { logger }) => {
    const opened = await openRun(input, {
      migrations,
      fingerprint: deployedFingerprint,
      approvers: approvers(),
      concurrency: Number(setting('concurrency')),
      batchFunctions: batchFunctions(),
      limits: lambdaFunctionLimits(lambdaClient()),
      sourceOf: segmentSource,
      targetOf: (segment) => segmentTarget(segment),
      runs: runStore(),
      executions: sfnExecutions(sfnClient()),
      notifier: approvalMails(),
      calendars: changeCalendars(),
      archive: archiveStore(),
      // Shipped beside this bundle when it was built.
      artifact: (migration) => readFile(join(import.meta.dirname, 'artifacts', `${migration}.mjs`)),
    })
    for (const warning of opened.warnings) logger.warn(warning)
    return opened
  },
})
