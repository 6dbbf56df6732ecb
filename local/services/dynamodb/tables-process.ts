/** The process that holds the tables: dynalite's store, behind a listener that authorizes each call. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import database, { type Refusal, type Store } from 'dynalite/db/index.js'
import { isRoleKey, signerOf } from '../access-key.ts'
import { endWithParent } from '../ends-with-parent.ts'
import { readBody } from '../http.ts'
import { refusalOf } from './decisions.ts'
import { DynamoDbError, perform } from './operations.ts'
import type { FromTables } from './protocol.ts'
import { countServed } from './served.ts'

const maxBodyBytes = 16 * 1024 * 1024
const coral = 'com.amazon.coral.service'

// Data is safe from a killed process once LevelDB has written it, so there is nothing to do but go.
endWithParent()

const store = await openStore(process.argv[2] ?? '')
const server = createServer(
  { keepAliveTimeout: 60_000 },
  (request, response) => void serve(request, response),
)
server.listen(0, '127.0.0.1', () => {
  const message: FromTables = { type: 'listening', port: (server.address() as AddressInfo).port }
  process.send?.(message)
})

/** The process of a killed predecessor may need a moment to let go of the files. */
async function openStore(path: string): Promise<Store> {
  const options = { path, createTableMs: 0, deleteTableMs: 0, updateTableMs: 0 }
  for (let attempt = 1; ; attempt += 1) {
    const opened = database.create({ ...options })
    try {
      await opened.db.open()
      return opened
    } catch (error) {
      if (attempt === 50) throw error
      await sleep(100)
    }
  }
}

async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
  if (isRoleKey(signerOf(request.headers)?.accessKeyId)) response.once('close', countServed)
  try {
    answer(response, 200, await call(request))
  } catch (error) {
    const { statusCode, body } = error as Partial<DynamoDbError & Refusal>
    if (body !== undefined) return answer(response, statusCode ?? 400, body)
    console.error(error)
    answer(response, 500, { __type: `${coral}#InternalServerError`, message: String(error) })
  }
}

async function call(request: IncomingMessage): Promise<Record<string, unknown>> {
  const body = await readBody(request, maxBodyBytes)
  const operation = String(request.headers['x-amz-target']).split('.')[1] ?? ''
  const signer = signerOf(request.headers)
  if (signer === undefined) {
    throw new DynamoDbError(
      `${coral}#MissingAuthenticationTokenException`,
      'Request is missing Authentication Token',
    )
  }
  const input = parse(body)
  const refusal = await refusalOf(signer.accessKeyId, operation, input)
  if (refusal !== undefined) throw new DynamoDbError(`${coral}#AccessDeniedException`, refusal)
  return perform(store, operation, input)
}

function parse(body: Buffer): Record<string, unknown> {
  try {
    const input: unknown = JSON.parse(body.toString())
    if (typeof input === 'object' && input !== null) return input as Record<string, unknown>
  } catch (cause) {
    throw Object.assign(new DynamoDbError(`${coral}#SerializationException`, 'The body is not JSON'), {
      cause,
    })
  }
  throw new DynamoDbError(`${coral}#SerializationException`, 'The body is not a JSON object')
}

function answer(response: ServerResponse, statusCode: number, body: Record<string, unknown>): void {
  const text = JSON.stringify(body)
  response.writeHead(statusCode, {
    'content-type': 'application/x-amz-json-1.0',
    'content-length': Buffer.byteLength(text),
    'x-amzn-requestid': crypto.randomUUID(),
  })
  response.end(text)
}
