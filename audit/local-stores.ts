import { existsSync, readdirSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join, resolve } from 'node:path'
import { targetOf, type ServiceHandler } from '../local/services/calls.ts'
import { startTables } from '../local/services/dynamodb/tables.ts'
import { KeyStore } from '../local/services/kms/key-store.ts'
import { kmsService } from '../local/services/kms/service.ts'
import { BucketStore } from '../local/services/s3/bucket-store.ts'
import { s3Service } from '../local/services/s3/service.ts'
import { holdState, runningAt } from '../local/system/holder.ts'
import { connect, type Connection } from './connection.ts'

const region = 'us-east-1'
const account = '000000000000'

/**
 * The stores of a state directory: those of the system that runs on it, or, where none does, by themselves. No
 * execution goes on because somebody audits.
 */
export async function connectLocally(stateDirectory: string, keyAlias: string): Promise<Connection> {
  const directory = resolve(stateDirectory)
  if (!existsSync(join(directory, 'lockgate.json'))) {
    throw new Error(`${directory} is not a state directory: it has no lockgate.json`)
  }
  const running = await runningAt(directory)
  if (running !== undefined) return connect({ region, endpoint: running.endpoint })
  return startStores(directory, keyAlias)
}

async function startStores(stateDirectory: string, keyAlias: string): Promise<Connection> {
  await using opened = new AsyncDisposableStack()
  opened.defer(await holdState(stateDirectory))
  const buckets = new BucketStore(stateDirectory)
  opened.defer(() => buckets.close())
  const tables = await startTables({
    ...{ stateDirectory, region, account, decide: () => undefined, onServed: () => undefined },
    onFailure: (error) => {
      throw error
    },
  })
  opened.defer(() => tables.close())
  const s3 = s3Service(buckets)
  const kms = kmsService(signingKeys(stateDirectory, keyAlias), new KeyStore(stateDirectory))
  const server = createServer((request, response) => {
    const serve: ServiceHandler = request.headers['x-amz-target'] === undefined ? s3 : kms
    const allowed = { roleArn: undefined, permit: () => undefined, permitAction: () => undefined }
    serve({ request, response, url: targetOf(request), ...allowed }).catch((error: unknown) => {
      response.destroy(error instanceof Error ? error : new Error(String(error)))
    })
  })
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  opened.defer(() => {
    server.closeAllConnections()
    return new Promise<void>((closed) => server.close(() => closed()))
  })
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const connection = connect({ region, endpoint, tablesEndpoint: tables.endpoint })
  opened.defer(() => connection.close())
  const running = opened.move()
  return { ...connection, close: () => running.disposeAsync() }
}

/** Of the keys of a local system, one signs; what it is called stands in templates, which nobody has to make for this. */
function signingKeys(stateDirectory: string, alias: string) {
  const folder = join(stateDirectory, 'kms')
  const files = existsSync(folder) ? readdirSync(folder) : []
  return files
    .filter((file) => file.endsWith('.pem'))
    .map((file) => file.slice(0, -'.pem'.length))
    .map((id) => ({
      ...{ id, arn: `arn:aws:kms:${region}:${account}:key/${id}`, spec: 'ECC_NIST_P256' },
      ...{ usage: 'SIGN_VERIFY', aliases: [alias], policy: [] },
    }))
}
