import { gatePage, type GatePage } from '../../lambdas/shared/domain/page/gate-page.ts'
import { messagePage } from '../../lambdas/shared/domain/page/message-page.ts'
import { pageResponse, type PageResponse } from '../../lambdas/shared/domain/page/page-response.ts'
import { refusalPage } from '../../lambdas/shared/domain/page/refusal-page.ts'
import { stageReport } from '../../lambdas/shared/domain/report/stage-report.ts'
import { errorNames, LockgateError, type ErrorName } from '../../lambdas/shared/contract/errors.ts'
import type { StageSummary } from '../../lambdas/shared/domain/evidence.ts'
import type { StageKind } from '../../lambdas/shared/contract/stages.ts'
import { decidedBy, gateOn, linkOf, openedAt } from './gate-states.ts'
import { richEvidence, richPilot, richRehearsal, troubledPilot } from './rich-summaries.ts'

const head = { length: 17, hash: '5e'.repeat(32) }
const page = (shown: Omit<GatePage, 'head'>) => pageResponse(200, gatePage({ ...shown, head }))

/** Every state in which a person can meet a page, by name; each name is also that of its picture. */
export function everyPage(): ReadonlyMap<string, PageResponse> {
  return new Map([...gatePages(), ...messagePages(), ...reports()])
}

function gatePages(): [string, PageResponse][] {
  const { evidence } = richEvidence(richPilot)
  const gate = gateOn(richEvidence(richPilot))
  const half = decidedBy(gate, ['qa', 'approve', 1], ['qa', 'withdraw', 2], ['steward', 'approve', 3])
  const late = { ...decidedBy(half, ['owner', 'approve', 30]), escalatedAt: openedAt + 24 * 3_600_000 }
  const bad = { evidence: richEvidence(troubledPilot).evidence, gate: gateOn(richEvidence(troubledPilot)) }
  const attempt = {
    problem: 'Please give a reason of at least 3 characters.',
    decision: 'hold',
    reason: 'no',
  } as const
  const closed = (status: GatePage['gate']['status'], ...taken: Parameters<typeof decidedBy>[1][]) =>
    page({ evidence, gate: { ...decidedBy(half, ...taken), status }, capability: linkOf('steward') })
  return [
    ['open', page({ gate, evidence, capability: linkOf('steward') })],
    ['half approved', page({ gate: half, evidence, capability: linkOf('operations') })],
    ['escalated', page({ gate: late, evidence, capability: linkOf('qa') })],
    ['refused form', page({ gate: half, evidence, capability: linkOf('operations'), attempt })],
    ['my approval', page({ gate: half, evidence, capability: linkOf('steward') })],
    ['withdrawing refused', page({ gate: half, evidence, capability: linkOf('steward'), attempt })],
    ['link used', page({ gate: half, evidence, capability: linkOf('qa') })],
    ['override', page({ ...bad, capability: linkOf('owner') })],
    ['not passed', page({ ...bad, capability: linkOf('steward') })],
    ['approved', closed('approved', ['qa', 'approve', 4], ['operations', 'approve', 5])],
    ['overridden', closed('overridden', ['owner', 'override', 4])],
    ['sent back', closed('repair', ['qa', 'repair', 4])],
    ['rolled back', closed('rollback', ['operations', 'rollback', 4])],
    ['held', closed('held', ['operations', 'hold', 4])],
  ]
}

function messagePages(): [string, PageResponse][] {
  const refused = (Object.keys(errorNames) as ErrorName[]).flatMap((name): [string, PageResponse][] => {
    const shown = refusalPage({ error: new LockgateError(name, 'what the log says') })
    return shown ? [[`refused, ${name}`, shown]] : []
  })
  return [
    ...refused,
    [
      'failed',
      pageResponse(
        500,
        messagePage({ title: 'This did not work', text: 'Nothing is lost.', lookAgain: true }),
      ),
    ],
  ]
}

function reports(): [string, PageResponse][] {
  const of = (summary: StageSummary, kind: StageKind): PageResponse => {
    const { evidence, hash } = richEvidence(summary, kind)
    return { status: 200, headers: { 'content-type': 'text/html' }, body: stageReport(evidence, hash) }
  }
  return [
    ['report, pilot', of(richPilot, 'pilot')],
    ['report, troubled', of(troubledPilot, 'pilot')],
    ['report, rehearse', of(richRehearsal, 'rehearse')],
  ]
}
