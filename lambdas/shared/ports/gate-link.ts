import { LockgateError } from '../contract/errors.ts'
import { openEvidence } from '../domain/evidence-document.ts'
import type { Evidence } from '../domain/evidence.ts'
import { capabilityHash } from '../domain/gate-rules/capability.ts'
import { requireOpening } from '../domain/gate-rules/decide-gate.ts'
import type { Capability, Gate } from '../domain/gate.ts'
import type { Clock } from './clock.ts'
import type { GateStore } from './gate-store.ts'
import type { ObjectStore } from './object-store.ts'

export interface LinkPorts {
  readonly gates: GateStore
  readonly evidence: ObjectStore
  readonly clock: Clock
}

export interface OpenedLink {
  readonly capability: Capability
  readonly gate: Gate
  readonly evidence: Evidence
}

/**
 * What a link stands for, with evidence that is verified to be what the gate recorded. Changes nothing.
 * @throws GateNotFound, GateClosed, EvidenceAltered.
 */
export async function openLink(text: string, ports: LinkPorts): Promise<OpenedLink> {
  const hash = capabilityHash(text)
  const capability = hash === undefined ? undefined : await ports.gates.capability(hash)
  const gate = capability && (await ports.gates.gate(capability.gate))
  if (!capability || !gate) throw new LockgateError('GateNotFound', 'the link opens no gate')
  requireOpening(gate, capability, ports.clock.now())
  const evidence = openEvidence(await ports.evidence.get(gate.evidenceKey), gate.evidence)
  return { capability, gate, evidence }
}
