import { auditedGate, type AuditedGate } from '../../lambdas/shared/domain/decision-log/audited-gate.ts'
import type { SignedEntry } from '../../lambdas/shared/domain/decision-log/entry.ts'
import type { Finding } from '../../lambdas/shared/domain/decision-log/finding.ts'
import { verifyGate } from '../../lambdas/shared/domain/decision-log/verify-gates.ts'
import { verifyStage } from '../../lambdas/shared/domain/decision-log/verify-stages.ts'
import { verdictSource, verifyVerdict } from '../../lambdas/shared/domain/decision-log/verify-verdict.ts'
import { openEvidence } from '../../lambdas/shared/domain/evidence-document.ts'
import { stageKey } from '../../lambdas/shared/domain/stage-record.ts'
import type { GateWorld } from './gate-world.ts'

export const entriesOf = (world: GateWorld): SignedEntry[] => world.log.chains.get('places') ?? []

export const auditedOf = async (world: GateWorld, gate: string): Promise<AuditedGate> =>
  auditedGate.parse(await world.theGate(gate))

/** What the audit finds at a gate and its stage, as they are at this moment; or as a test has changed the gate. */
export async function foundAt(
  world: GateWorld,
  id: string,
  change: (gate: AuditedGate) => AuditedGate = (gate) => gate,
): Promise<Finding[]> {
  const entries = entriesOf(world)
  const gate = change(await auditedOf(world, id))
  const record = await world.runs.stage('places', 'cities', 'pilot')
  const source = verdictSource(gate, entries)
  return [
    ...verifyGate(gate, entries),
    ...(source ? verifyVerdict(gate, 'verdict' in source ? source : documentOf(world, source)) : []),
    ...(record ? verifyStage(stageKey(record), record, entries) : []),
  ]
}

function documentOf(world: GateWorld, { evidence, evidenceKey }: { evidence: string; evidenceKey: string }) {
  const { verdict } = openEvidence(world.evidence.objects.get(evidenceKey), evidence)
  return { verdict, source: 'its evidence' }
}
