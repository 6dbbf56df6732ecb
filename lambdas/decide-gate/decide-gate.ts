import { isRefusal, LockgateError } from '../shared/contract/errors.ts'
import type { LogHead } from '../shared/domain/decision-log/entry.ts'
import { decide } from '../shared/domain/gate-rules/decide-gate.ts'
import { answerOf } from '../shared/domain/gate-rules/enter-gate.ts'
import type { Approvers } from '../shared/contract/roles.ts'
import type { Gate } from '../shared/domain/gate.ts'
import { gatePage } from '../shared/domain/page/gate-page.ts'
import { pageResponse, type PageResponse } from '../shared/domain/page/page-response.ts'
import type { DecisionLog } from '../shared/ports/decision-log.ts'
import type { Executions } from '../shared/ports/executions.ts'
import { openLink, type LinkPorts, type OpenedLink } from '../shared/ports/gate-link.ts'
import { publishOutbox } from '../shared/ports/publish-outbox.ts'
import { checkRequest, type FormRequest } from './check-request.ts'
import { readForm, type DecisionForm } from './read-form.ts'

export interface DecideGatePorts extends LinkPorts {
  readonly executions: Executions
  readonly log: Pick<DecisionLog, 'append' | 'head'>
  /** Those of now, whatever they were when the links were sent. */
  readonly approvers: Approvers
}

export interface DecideRequest extends FormRequest {
  readonly capability: string
}

/** `silent`: nobody is to be told. An error: nobody could be. */
type Bell = 'answered' | 'stale' | 'silent' | Error

export interface Decided {
  readonly response: PageResponse
  /** The gate as it is after a decision was recorded. */
  readonly gate?: Gate
  /** What became of ringing: the decision stands whatever it is, and the run asks again by itself. */
  readonly bell?: Bell
  /** Why nothing was recorded, where the page says so itself. */
  readonly refused?: LockgateError
  /** Why it may not be in the log yet: act appends it before the stage goes on. */
  readonly unlogged?: Error
}

/**
 * Records one decision, in one conditional write on the gate, and then rings whoever waits. A race that is
 * lost shows what was decided.
 * @throws CrossSiteRequest, MalformedForm, FormTooLarge, GateNotFound, EvidenceAltered, and what `decide` refuses.
 */
export async function decideGate(request: DecideRequest, ports: DecideGatePorts): Promise<Decided> {
  checkRequest(request)
  const link = await openLink(request.capability, ports)
  const read = readForm(request.body)
  if ('attempt' in read) {
    const { attempt, malformed } = read
    return {
      response: pageResponse(422, gatePage({ ...link, attempt })),
      ...(malformed && { refused: malformed }),
    }
  }

  const recorded = await record(read.form, link, ports)
  if (recorded instanceof LockgateError) {
    const now = await openLink(request.capability, ports)
    return { response: pageResponse(409, gatePage(now)), refused: recorded }
  }
  const { gate, isRepeated } = recorded
  const bell = await ring(gate, ports.executions)
  const { head, unlogged } = await publish(gate, ports)
  const response = pageResponse(200, gatePage({ ...link, gate, ...(head && { head }) }))
  return { response, gate, bell, ...(unlogged && { unlogged }), ...(isRepeated && { refused: repeated }) }
}

/** Answered like the first time, as a click too many; and in the log, as it may be somebody else's. */
const repeated = new LockgateError('LinkUsed', 'this very decision is recorded already')

/** A refusal when somebody else was faster and the gate is closed. */
async function record(form: DecisionForm, { capability }: OpenedLink, ports: DecideGatePorts) {
  const choice = { ...form, at: ports.clock.now() }
  let isRepeated = false
  try {
    const gate = await ports.gates.updateGate(capability.gate, (there) => {
      const changed = decide(there, choice, capability, ports.approvers)
      isRepeated = changed === undefined
      return changed
    })
    return { gate, isRepeated }
  } catch (error) {
    if (isRefusal(error, 'GateClosed')) return error
    throw error
  }
}

interface Published {
  /** Of the log with the decision in it. */
  readonly head?: LogHead
  readonly unlogged?: Error
}

/** The decision stands, whatever becomes of it. */
async function publish(gate: Gate, ports: DecideGatePorts): Promise<Published> {
  try {
    await publishOutbox(gate.id, ports)
    return { head: await ports.log.head(gate.migration) }
  } catch (error) {
    const unlogged =
      error instanceof Error ? error : new Error('the log could not be written', { cause: error })
    return { unlogged }
  }
}

async function ring(gate: Gate, executions: Executions): Promise<Bell> {
  const decision = answerOf(gate)
  if (!decision || gate.taskToken === undefined) return 'silent'
  try {
    return await executions.answer(gate.taskToken, { gate: gate.id, decision })
  } catch (error) {
    return error instanceof Error ? error : new Error('the task could not be answered', { cause: error })
  }
}
