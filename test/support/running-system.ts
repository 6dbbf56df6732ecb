import { PutObjectCommand } from '@aws-sdk/client-s3'
import { GetCommand } from '@aws-sdk/lib-dynamodb'
import { join } from 'node:path'
import { audit } from '../../audit/audit.ts'
import { connect } from '../../audit/connection.ts'
import { Pack } from '../../audit/pack.ts'
import type { Finding } from '../../lambdas/shared/domain/decision-log/finding.ts'
import { placeKey } from '../../lambdas/shared/domain/decision-log/item-keys.ts'
import { sha256 } from '../../lambdas/shared/domain/digest.ts'
import { stateNames, written, type Effect } from './effects.ts'
import { startStateStores, type StateStores } from './state-stores.ts'

/** A request of an audit to a store. */
export interface StoreRequest {
  readonly command: string
  readonly input: Readonly<Record<string, unknown>>
}

const artifact = 'export default "the definition"'
export const fingerprint = sha256(artifact)

export const entryAt = (entry: number) => ({
  ...{ TableName: stateNames.log, Key: { pk: 'LOG#places', sk: placeKey(entry) } },
})

/** Stores in which a system has got so far, writing these effects, and audits of them. */
export class RunningSystem {
  readonly stores: StateStores
  readonly #writes: AsyncGenerator<void, void>
  readonly #folder: string
  #packs = 0

  private constructor(stores: StateStores, effects: readonly Effect[], folder: string) {
    this.stores = stores
    this.#folder = folder
    this.#writes = written(effects, stores)
  }

  static async begin(effects: readonly Effect[], folder: string): Promise<RunningSystem> {
    const stores = await startStateStores(join(folder, 'state'))
    const Key = `artifacts/places/${fingerprint}.mjs`
    await stores.objects.send(new PutObjectCommand({ Bucket: stateNames.archive, Key, Body: artifact }))
    return new RunningSystem(stores, effects, folder)
  }

  /** So many writes further; answers whether there was any left. */
  async goOn(writes: number): Promise<boolean> {
    for (let n = 0; n < writes; n += 1) if ((await this.#writes.next()).done) return false
    return true
  }

  /** Until so many entries are in the table. */
  async until(entry: number): Promise<void> {
    while ((await this.text(entry)) === undefined && (await this.goOn(1)));
  }

  async text(entry: number): Promise<string | undefined> {
    return (await this.stores.tables.send(new GetCommand(entryAt(entry)))).Item?.['text'] as
      string | undefined
  }

  /** `before` comes before each request of the audit. */
  async audit(before: (request: StoreRequest) => Promise<unknown>): Promise<readonly Finding[]> {
    const connection = connect(this.stores.endpoints)
    const heard = async (command: string | undefined, input: object) =>
      before({ command: command ?? '', input: { ...input } })
    connection.tables.middlewareStack.add(
      (next, { commandName }) =>
        async (args) => {
          await heard(commandName, args.input)
          return next(args)
        },
      { step: 'initialize' },
    )
    connection.objects.middlewareStack.add(
      (next, { commandName }) =>
        async (args) => {
          await heard(commandName, args.input)
          return next(args)
        },
      { step: 'initialize' },
    )
    const pack = await Pack.begin(join(this.#folder, `pack-${(this.#packs += 1)}`))
    const { findings } = await audit({
      ...{ connection, pack, chain: 'places', environment: 'dev', keys: [], heads: [] },
      progress: () => undefined,
      // Longer than an append takes.
      pause: async () => void (await this.goOn(4)),
    })
    await connection.close()
    return findings
  }
}
