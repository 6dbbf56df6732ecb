import { LockgateError } from '../../lambdas/shared/contract/errors.ts'
import { capability, gate, type Capability, type Gate } from '../../lambdas/shared/domain/gate.ts'
import type { GateStore } from '../../lambdas/shared/ports/gate-store.ts'

/** Gates in memory. Contents pass through the schemas, as they do in the real store. */
export class FakeGateStore implements GateStore {
  readonly gates = new Map<string, { revision: number; content: Gate }>()
  readonly capabilities = new Map<string, Capability>()
  /** What happens elsewhere between reading a gate and writing it; a test puts a rival or a crash here. */
  beforeWrite: () => void | Promise<void> = () => undefined

  async gate(id: string): Promise<Gate | undefined> {
    return structuredClone(this.gates.get(id)?.content)
  }

  async createGate(wanted: Gate): Promise<Gate> {
    const there = this.gates.get(wanted.id)
    if (!there) this.gates.set(wanted.id, { revision: 1, content: gate.parse(wanted) })
    return structuredClone(there?.content ?? wanted)
  }

  async updateGate(id: string, change: (gate: Gate) => Gate | undefined): Promise<Gate> {
    for (;;) {
      const seen = this.gates.get(id)
      if (!seen) throw new LockgateError('GateNotFound', `there is no gate ${id}`)
      const changed = change(structuredClone(seen.content))
      if (!changed) return structuredClone(seen.content)
      await this.beforeWrite()
      if (this.gates.get(id)?.revision !== seen.revision) continue
      this.gates.set(id, { revision: seen.revision + 1, content: gate.parse(changed) })
      return structuredClone(changed)
    }
  }

  async capability(hash: string): Promise<Capability | undefined> {
    return structuredClone(this.capabilities.get(hash))
  }

  async saveCapability(content: Capability): Promise<void> {
    this.capabilities.set(content.hash, capability.parse(content))
  }
}
