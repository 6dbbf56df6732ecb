import {
  CreateTableCommand,
  DeleteTableCommand,
  type CreateTableCommandInput,
} from '@aws-sdk/client-dynamodb'
import type { DescribeExecutionCommandOutput } from '@aws-sdk/client-sfn'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { z } from 'zod'
import { openRunResult } from '../../lambdas/shared/contract/payloads.ts'
import { localSystem } from '../../local/cli/local-system.ts'
import { synthesise } from '../../local/cli/synthesise.ts'
import { startSystem, type System } from '../../local/system.ts'
import { checkpointsOf } from '../support/checkpoints.ts'
import { Operator, silent } from '../support/operator.ts'
import { itemsOf, keyText, tableEndingWith } from '../support/places-table.ts'
import { writeSmallExport } from '../support/small-export.ts'

/** Runs that are refused before they begin, and one that is aborted: as they look through the Step Functions API. */
const steward = 'steward@example.com'
const input = { migration: 'cities', startedBy: 'operator@example.com' }

let directory: string
let system: System
let operator: Operator

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'lockgate-refused-'))
  const exports = join(directory, 'export')
  const part = { files: 3, rowsPerFile: 4 }
  await writeSmallExport(exports, { cities: part, airports: part })
  const assemblyDirectory = await synthesise(directory, silent, new AbortController().signal)
  system = await startSystem({
    stateDirectory: join(directory, 'state'),
    assemblyDirectory,
    port: 0,
    unconfirmed: [steward],
  })
  operator = new Operator(localSystem(system))
  await operator.send(exports)
})

afterAll(async () => {
  operator?.leave()
  await system?.close()
  await rm(directory, { recursive: true, force: true })
})

test.each([
  [
    'an unknown migration',
    { ...input, migration: 'atlantis' },
    'UnknownMigration',
    'Add it to migrations/registry.ts and deploy',
  ],
  ['an unknown stage', { ...input, until: 'drill' }, 'UnknownStage', 'rehearse, pilot, full'],
  [
    'a missing field',
    { migration: 'cities' },
    'InvalidInput',
    /^startedBy: .*\. Start the execution with input such as \{/,
  ],
  [
    'an extra field',
    { ...input, speed: 9 },
    'InvalidInput',
    /"speed"\. Start the execution with input such as \{/,
  ],
  [
    'a field of a wrong type',
    { ...input, concurrency: 'many' },
    'InvalidInput',
    /^concurrency: .* input such as \{/,
  ],
  ['what is no address', { ...input, startedBy: 'me' }, 'InvalidInput', /^startedBy: .* input such as \{/],
  ['no object', 'cities', 'InvalidInput', /^input: .* input such as \{/],
])('%s is refused', async (_what, given, error, remedy) => {
  const ended = await operator.ended(await operator.start(given))
  expect(ended).toMatchObject({ status: 'FAILED', error })
  expect(messageOf(ended)).toMatch(remedy)
  expect(await stored()).toEqual({})
})

test('an approver who has not confirmed the subscription is named', async () => {
  const ended = await operator.ended(await operator.start(input))
  expect(ended).toMatchObject({ status: 'FAILED', error: 'SubscriptionNotConfirmed' })
  expect(messageOf(ended)).toMatch(
    new RegExp(
      `${steward}\\. Each has to open the link in the mail "AWS Notification - Subscription Confirmation"`,
    ),
  )
  expect(await stored()).toEqual({})
  const mail = system.mails().find(({ to }) => to === steward)
  expect(mail?.subject).toBe('AWS Notification - Subscription Confirmation')
  expect((await fetch(/^http:\S+$/m.exec(mail?.text ?? '')?.[0] ?? '')).status).toBe(200)
})

let run: string

test('a missing target table is missed before anything is done; a redrive goes on', async () => {
  const { dynamodb } = operator.clients
  const table = system.assembly.tables.find(({ name }) => name.endsWith('target-places'))
  await dynamodb.send(new DeleteTableCommand({ TableName: table?.name }))
  run = await operator.start(input)
  const ended = await operator.ended(run)
  expect(ended).toMatchObject({ status: 'FAILED', error: 'TargetMissing' })
  expect(messageOf(ended)).toMatch(/^table lockgate-dev-target-places .*: create it, or correct cdk\.json$/)
  expect(await stored()).toEqual({})

  await dynamodb.send(new CreateTableCommand(table?.create as unknown as CreateTableCommandInput))
  await operator.redrive(run)
  await operator.mailTo(steward, /rehearse/)
  expect((await operator.describe(run)).status).toBe('RUNNING')
})

test('a second run is refused while the first is under way, and changes nothing of it', async () => {
  const before = await stored()
  const ended = await operator.ended(await operator.start(input))
  expect(ended).toMatchObject({ status: 'FAILED', error: 'LockHeld' })
  expect(messageOf(ended)).toBe(
    `${run} is under way and has the lock of cities. Wait for it, or stop it; the lock is then taken over`,
  )
  expect(await stored()).toEqual(before)
  expect((await operator.describe(run)).status).toBe('RUNNING')
})

test('of a run that was aborted the next one takes the lock over, and finishes the work', async () => {
  operator.approve()
  const stage = await operator.stageAtWork('airports')
  await operator.stop(run)
  expect((await operator.ended(stage)).status).toBe('ABORTED')
  const finished = await checkpointsOf(operator.clients.dynamodb, 'cities')
  expect([...finished.values()].map(({ state }) => state)).toEqual([
    'transformed',
    'transformed',
    'transformed',
  ])

  const next = await operator.start({ ...input, until: 'rehearse', concurrency: 1000 })
  expect(await operator.ended(next)).toMatchObject({ status: 'SUCCEEDED' })
  expect(await checkpointsOf(operator.clients.dynamodb, 'cities')).toEqual(finished)
  const { lock, warnings } = await traceOf(next)
  expect(lock).toBe(2)
  // The quota of one machine is what an account has by default.
  expect(warnings).toEqual([
    expect.stringMatching(/^up to 1000 batches .* at most 1000 .* Lower "concurrency"/),
  ])
  const mail = await operator.mailTo('operator@example.com', /run complete$/)
  expect(mail.text).toContain(`Warning: ${warnings[0]}`)

  expect(await operator.ended(await operator.start(input))).toMatchObject({ status: 'SUCCEEDED' })
  for (const segment of ['cities', 'airports']) {
    const states = [...(await checkpointsOf(operator.clients.dynamodb, segment)).values()].map(
      ({ state }) => state,
    )
    expect(states).toEqual(['reconciled', 'reconciled', 'reconciled'])
  }
})

const functionError = z.object({ errorMessage: z.string() })
const messageOf = ({ cause }: DescribeExecutionCommandOutput) =>
  functionError.parse(JSON.parse(cause ?? '{}')).errorMessage

/** What Lockgate keeps of runs, but for the record of failures. */
async function stored(): Promise<Record<string, unknown>> {
  const { dynamodb } = operator.clients
  const found: Record<string, unknown> = {}
  for await (const item of itemsOf(dynamodb, await tableEndingWith(dynamodb, 'checkpoints')))
    if (!item['sk']?.S?.startsWith('FAILURE#')) found[keyText(item)] = item
  return found
}

/** What `open-run` answered to a run. */
async function traceOf(executionArn: string): Promise<{ lock: number; warnings: readonly string[] }> {
  const { run, warnings } = openRunResult.parse(await operator.outputOf(executionArn, 'OpenRun'))
  return { lock: run.lockToken, warnings }
}
