import { fork } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { startChild, type Child } from '../child.ts'
import type { FromTables, ToTables } from './protocol.ts'

/** Why a call is refused, or undefined. */
export type DecideTableCall = (
  accessKeyId: string,
  operation: string,
  input: Readonly<Record<string, unknown>>,
) => string | undefined

export interface TablesOptions {
  readonly stateDirectory: string
  readonly region: string
  readonly account: string
  readonly decide: DecideTableCall
  readonly onFailure: (error: Error) => void
  /** Called after requests of roles were answered, with their number. */
  readonly onServed: (count: number) => void
}

/** Starts the process that holds the tables, in `<stateDirectory>/dynamodb`. */
export function startTables({
  stateDirectory,
  region,
  account,
  decide,
  onFailure,
  onServed,
}: TablesOptions): Promise<Child> {
  const path = join(stateDirectory, 'dynamodb')
  mkdirSync(path, { recursive: true })
  const program = fileURLToPath(new URL('./tables-process.ts', import.meta.url))
  const process = fork(program, [path], {
    env: { AWS_REGION: region, AWS_ACCOUNT_ID: account },
    execArgv: ['--disable-warning=ExperimentalWarning'],
    serialization: 'json',
  })
  process.on('message', (message: FromTables) => {
    if (message.type === 'served') return onServed(message.count)
    if (message.type !== 'authorize') return
    const refusal = decide(message.accessKeyId, message.operation, message.input)
    const answer: ToTables = {
      type: 'decision',
      id: message.id,
      ...(refusal === undefined ? {} : { refusal }),
    }
    process.send(answer)
  })
  return startChild('DynamoDB', process, onFailure)
}
