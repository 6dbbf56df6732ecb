import type { LogDraft } from '../../../lambdas/shared/domain/decision-log/entry.ts'
import type { Gate } from '../../../lambdas/shared/domain/gate.ts'
import type { GateWorld } from '../gate-world.ts'

/** All that ever was told of a gate, whether it is in the log yet or not. */
export function allTold({ log }: GateWorld, { outbox }: Gate): LogDraft[] {
  const logged = log.events('places')
  const known = new Set(logged.map((event) => event.id))
  return [...logged, ...outbox.filter((event) => !known.has(event.id))]
}

/** What was told of the opening that it is in. */
export function toldOfOpening(world: GateWorld, gate: Gate): LogDraft[] {
  return allTold(world, gate).filter(({ id }) => id.startsWith(`${gate.id}#${gate.opening}#`))
}
