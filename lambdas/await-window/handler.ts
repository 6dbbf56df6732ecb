/**
 * First state of `window`, which `migrate` starts where a stage is to begin and its calendar is closed: looks whether
 * it has opened. What follows is a wait, and another look; or the end, and `migrate` goes back to begin-stage.
 */
import { systemClock } from '../shared/adapters/system-clock.ts'
import { awaitWindowInput } from '../shared/contract/payloads.ts'
import { changeCalendars, operatorMails, runStore } from '../shared/handler/stores.ts'
import { stepHandler } from '../shared/handler/step-handler.ts'
import { awaitWindow } from './await-window.ts'

export const handler = stepHandler({
  name: 'await-window',
  input: awaitWindowInput,
  run: async (input, { logger }) => {
    const calendars = changeCalendars()
    const ports = { runs: runStore(), calendars, notifier: operatorMails(), clock: systemClock }
    const looked = await awaitWindow(input, ports)
    const { calendar, checks, opensAt } = looked
    if (!looked.isOpen) logger.info('the calendar is closed', { calendar, checks, opensAt })
    return looked
  },
})
