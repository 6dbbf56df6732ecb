import { isRefusal } from '../shared/contract/errors.ts'
import { decide } from '../shared/domain/gate-rules/decide-gate.ts'
import { answerOf } from '../shared/domain/gate-rules/enter-gate.ts'
import type { Approvers } from '../shared/contract/roles.ts'
import type { Gate } from '../shared/domain/gate.ts'
import { gatePage } from '../shared/domain/page/gate-page.ts'
import { pageResponse, type PageResponse } from '../shared/domain/page/page-response.ts'
import type { Executions } from '../shared/ports/executions.ts'
import { openLink, type LinkPorts, type OpenedLink } from '../shared/ports/gate-link.ts'
import { checkRequest, type FormRequest } from './check-request.ts'
import { readForm, type DecisionForm } from './read-form.ts'

export interface DecideGatePorts extends LinkPorts {
  readonly executions: Executions
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
}

/**
 * Records one decision, in one conditional write on the gate, and then rings whoever waits. A race that is
 * lost shows what was decided.
 * @throws GateNotFound, EvidenceAltered, and what `decide` refuses.
 */
export async function decideGate(request: DecideRequest, ports: DecideGatePorts): Promise<Decided> {
  const refused = checkRequest(request)
  if (refused) return { response: refused }
  const link = await openLink(request.capability, ports)
  const read = readForm(request.body)
  if ('attempt' in read) {
    return {
      response: pageResponse(422, gatePage({ ...link, attempt: read.attempt })),
    }
  }

  const gate = await record(read.form, link, ports)
  if (!gate) {
    const now = await openLink(request.capability, ports)
    return { response: pageResponse(409, gatePage(now)) }
  }
  const bell = await ring(gate, ports.executions)
  return { response: pageResponse(200, gatePage({ ...link, gate })), gate, bell }
}

/** `undefined` when somebody else was faster and the gate is closed. */
async function record(form: DecisionForm, { capability }: OpenedLink, ports: DecideGatePorts) {
  const choice = { ...form, at: ports.clock.now() }
  try {
    return await ports.gates.updateGate(capability.gate, (gate) =>
      decide(gate, choice, capability, ports.approvers),
    )
  } catch (error) {
    if (isRefusal(error, 'GateClosed')) return undefined
    throw error
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
