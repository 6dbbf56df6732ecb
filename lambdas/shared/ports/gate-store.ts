import type { Capability, Gate } from '../domain/gate.ts'

/** Gates and the capabilities of their links. Every change is one conditional write. */
export interface GateStore {
  gate(id: string): Promise<Gate | undefined>
  /** Creates the gate, or answers what is there. */
  createGate(gate: Gate): Promise<Gate>
  /**
   * Applies `change` to the newest gate and writes it if nothing has changed meanwhile, else tries again.
   * `change` returns `undefined` to leave the gate as it is. Answers the gate as it is in the store. Where the answer
   * to a write was lost and somebody has written since, `change` sees a gate that it has changed before: it has to
   * leave it as it is, or do it again without harm.
   */
  updateGate(id: string, change: (gate: Gate) => Gate | undefined): Promise<Gate>
  capability(hash: string): Promise<Capability | undefined>
  saveCapability(capability: Capability): Promise<void>
}
