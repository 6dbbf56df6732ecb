import { errorNames, LockgateError } from '../contract/errors.ts'
import type { LogDraft } from '../domain/decision-log/entry.ts'
import {
  openedDraft,
  refusedDraft,
  sourceRefusedDraft,
  unattributed,
  unattributedDraft,
  type Attempt,
  type View,
} from '../domain/decision-log/link-drafts.ts'
import { capabilityHash } from '../domain/gate-rules/capability.ts'
import type { Clock } from './clock.ts'
import type { DecisionLog } from './decision-log.ts'
import type { OpenedLink } from './gate-link.ts'
import type { GateStore } from './gate-store.ts'
import type { GuessCounts } from './guess-counts.ts'
import type { SourceWatch } from './source-watch.ts'

export interface LinkRecordPorts {
  readonly gates: Pick<GateStore, 'capability' | 'gate'>
  readonly log: Pick<DecisionLog, 'append'>
  readonly guesses: Pick<GuessCounts, 'add'>
  readonly watch: SourceWatch
  readonly clock: Clock
}

export interface LinkRequest {
  /** Whatever stood in its place. */
  readonly capability: string
  readonly method: string
  /** IP address that it came from. */
  readonly address: string
}

/** What is answered instead of what was asked for. */
export interface Refused {
  readonly error: LockgateError
  readonly retryAfterSeconds?: number
}

/** What happens to links goes into the decision log, whether it changed anything or not. */
export interface LinkRecord {
  readonly opened: (link: OpenedLink, view: View) => Promise<void>
  readonly refused: (error: LockgateError, request: LinkRequest) => Promise<Refused>
}

/** Entries an hour about requests that came by no link. Each costs a signature and is kept for years. */
export const mostUnattributed = 500
const hourMilliseconds = 3_600_000
const mostRemembered = 10_000

/** With a memory of this process in front of the log, which would find by itself that it has an entry already. */
export function linkRecord({ gates, log, guesses, watch, clock }: LinkRecordPorts): LinkRecord {
  const logged = new Set<string>()

  async function append(draft: LogDraft): Promise<void> {
    const id = `${draft.migration} ${draft.id}`
    if (logged.has(id)) return
    if (draft.migration !== unattributed || (await isWithinBudget(draft.at))) {
      await log.append(draft.migration, draft)
    }
    if (logged.size >= mostRemembered) logged.clear()
    logged.add(id)
  }

  /** Whoever has many addresses must not be able to fill the log, nor to make it cost what they like. */
  async function isWithinBudget(now: number): Promise<boolean> {
    const hour = new Date(now).toISOString().slice(0, 13)
    return (await guesses.add(`LOGGED#${hour}`, now + 2 * hourMilliseconds)) <= mostUnattributed
  }

  async function foundBy({ capability: text }: LinkRequest, error: LockgateError) {
    const hash = capabilityHash(text)
    // Where it opens no gate it has been looked for already.
    if (hash === undefined || error.name === 'GateNotFound') return { isWrong: hash !== undefined }
    const capability = await gates.capability(hash)
    const gate = capability && (await gates.gate(capability.gate))
    return capability && gate ? { link: { capability, gate } } : { isWrong: true }
  }

  return {
    opened: (link, view) => append(openedDraft(link, view, clock.now())),

    async refused(error, request) {
      const at = clock.now()
      const { link, isWrong } = await foundBy(request, error)
      const source = isWrong
        ? await watch.wrong(request.address)
        : { name: await watch.nameOf(request.address) }
      if (source.refusedUntil !== undefined) {
        await append(sourceRefusedDraft(source.name, source.refusedUntil, at))
        return sourceRefused(source.refusedUntil - at)
      }
      const { method } = request
      const reason = errorNames[error.name]
      const attempt: Attempt = { error: error.name, reason, method, source: source.name, at }
      await append(link ? refusedDraft(link, attempt) : unattributedDraft(attempt))
      return { error }
    },
  }
}

function sourceRefused(milliseconds: number): Refused {
  const error = new LockgateError('SourceRefused', 'the source of this request presents wrong capabilities')
  return { error, retryAfterSeconds: Math.ceil(milliseconds / 1000) }
}
