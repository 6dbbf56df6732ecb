import { PutCommand } from '@aws-sdk/lib-dynamodb'
import { dynamoDbLogStore } from '../../lambdas/shared/adapters/decision-log/dynamodb-log-store.ts'
import { kmsSigner } from '../../lambdas/shared/adapters/decision-log/kms-signer.ts'
import { s3ObjectStore } from '../../lambdas/shared/adapters/s3-object-store.ts'
import type { LogDraft, LogHead } from '../../lambdas/shared/domain/decision-log/entry.ts'
import { headOf, nextEntry, storedText } from '../../lambdas/shared/domain/decision-log/seal-entry.ts'
import { evidenceKeys } from '../../lambdas/shared/domain/object-keys.ts'
import { stageKey, type StageRecord } from '../../lambdas/shared/domain/stage-record.ts'
import type { GateWorld } from './gate-world.ts'
import { logKey, type StateStores } from './state-stores.ts'

/** Something that was written in a world of fakes. */
export type Effect =
  | { readonly gate: string; readonly content: unknown }
  | { readonly draft: LogDraft }
  | { readonly record: StageRecord }
  | { readonly key: string; readonly content: Uint8Array }

/** All that is written in a world from now on, in its order. */
export function effectsOf({ gates, log, runs, evidence }: GateWorld): readonly Effect[] {
  const effects: Effect[] = []
  const revision = (id: string) => gates.gates.get(id)?.revision
  const writtenGate = (id: string, before: number | undefined) => {
    const { content, revision: now } = gates.gates.get(id) ?? {}
    if (now !== before) effects.push(structuredClone({ gate: id, content }))
  }
  const createGate = gates.createGate.bind(gates)
  gates.createGate = async (wanted) => {
    const before = revision(wanted.id)
    const created = await createGate(wanted)
    writtenGate(wanted.id, before)
    return created
  }
  const updateGate = gates.updateGate.bind(gates)
  gates.updateGate = async (id, change) => {
    const before = revision(id)
    const updated = await updateGate(id, change)
    writtenGate(id, before)
    return updated
  }
  const append = log.append.bind(log)
  log.append = async (chain, draft) => {
    const before = log.events(chain).length
    const signed = await append(chain, draft)
    if (log.events(chain).length > before) effects.push({ draft: structuredClone(draft) })
    return signed
  }
  const updateStage = runs.updateStage.bind(runs)
  runs.updateStage = async (at, token, change) => {
    const record = await updateStage(at, token, change)
    if (record) effects.push({ record: structuredClone(record) })
    return record
  }
  const create = evidence.create.bind(evidence)
  evidence.create = async (key, content) => {
    const answer = await create(key, content)
    if (answer === 'created') effects.push({ key, content })
    return answer
  }
  return effects
}

export const stateNames = {
  log: 'lockgate-dev-log',
  gates: 'lockgate-dev-gates',
  checkpoints: 'lockgate-dev-checkpoints',
  evidence: 'lockgate-dev-evidence-000000000000',
  archive: 'lockgate-dev-archive-000000000000',
} as const

/** Writes these effects into real stores, one write at a time: an append is three, as the log makes it. */
export async function* written(effects: readonly Effect[], stores: StateStores): AsyncGenerator<void, void> {
  const entries = dynamoDbLogStore(stores.tables, stateNames.log)
  const objects = s3ObjectStore(stores.objects, stateNames.evidence)
  const signer = kmsSigner(stores.kms, logKey.id)
  const put = (TableName: string, pk: string, sk: string, content: unknown) =>
    stores.tables.send(new PutCommand({ TableName, Item: { pk, sk, revision: 1, content } }))
  let head: LogHead = headOf(undefined)
  for (const effect of effects) {
    if ('gate' in effect) await put(stateNames.gates, `GATE#${effect.gate}`, 'GATE', effect.content)
    else if ('record' in effect)
      await put(stateNames.checkpoints, 'MIGRATION#places', stageKey(effect.record), effect.record)
    else if ('key' in effect) await objects.create(effect.key, effect.content)
    else {
      const next = nextEntry('places', head, effect.draft)
      const signed = { ...next, ...(await signer.sign(Buffer.from(next.hash, 'hex'))) }
      head = headOf(signed)
      const { sequence } = next.entry
      await entries.put('places', { sequence, text: storedText(signed) })
      yield
      await objects.create(evidenceKeys.logEntry('places', sequence), Buffer.from(storedText(signed)))
      yield
      await entries.mark('places', effect.draft.id, sequence)
    }
    yield
  }
}
