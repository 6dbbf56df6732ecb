import { readFile } from 'node:fs/promises'
import { expect, test } from 'vitest'
import type { Failure, FailureSearch } from '../../../lambdas/shared/ports/executions.ts'
import { failureEvent, recordFailure } from '../../../lambdas/record-failure/record-failure.ts'
import { FakeNotifier } from '../../support/fake-notifier.ts'
import { FakeRunStore } from '../../support/fake-run-store.ts'
import { runNamed } from '../../support/stage-summaries.ts'

const arn = 'arn:aws:states:eu-west-1:123456789012:execution:migrate:run-1'
const runInput = { migration: 'places', startedBy: 'operator@example.com' }

/** In the shape that the documentation of Step Functions shows, fields that are not used included. */
async function happened(detail: Record<string, unknown>, origin?: Failure) {
  const failures: FailureSearch = { originOf: async (failure) => origin ?? failure }
  const ports = { runs: new FakeRunStore(), notifier: new FakeNotifier(), failures }
  const event = failureEvent.parse({
    version: '0',
    id: '315c1398-40ff-a850-213b-158f73e60175',
    'detail-type': 'Step Functions Execution Status Change',
    source: 'aws.states',
    time: '2026-01-01T00:00:00Z',
    detail: {
      executionArn: arn,
      stateMachineArn: 'arn:aws:states:eu-west-1:123456789012:stateMachine:migrate',
      name: 'run-1',
      status: 'FAILED',
      startDate: 1767225600000,
      stopDate: 1767229200000,
      input: JSON.stringify(runInput),
      output: null,
      ...detail,
    },
  })
  await recordFailure(event, ports)
  await recordFailure(event, ports)
  return { failures: ports.runs.failures, mail: ports.notifier.operatorMails[0] }
}

test('a failed run is recorded, and operators are told what to do', async () => {
  const cause = JSON.stringify({
    errorType: 'SourceChanged',
    errorMessage: 'cities/1.csv was replaced',
    trace: [],
  })
  const { failures, mail } = await happened({ error: 'SourceChanged', cause })
  const failure = { at: '2026-01-01T01:00:00.000Z', execution: arn, status: 'FAILED', error: 'SourceChanged' }
  expect(failures[0]).toEqual({
    migration: 'places',
    failure: { ...failure, cause: 'cities/1.csv was replaced' },
  })
  expect(mail?.subject).toBe('Lockgate: A run of places failed')
  for (const text of [
    'SourceChanged (a source object was replaced after it was planned)',
    'Then start the\n  migration again with the same input.',
    `https://eu-west-1.console.aws.amazon.com/states/home?region=eu-west-1#/v2/executions/details/${arn}`,
    'docs/runbook.md, section "Failed run"',
  ]) {
    expect(mail?.text).toContain(text)
  }
})

test.each<[string | undefined, RegExp, boolean]>([
  ['ServiceUnavailable', /or start the migration again with the same input/, true],
  ['AccessDenied', /or start the migration again with the same input/, true],
  ['States.Timeout', /or start the migration again with the same input/, true],
  [undefined, /or start the migration again with the same input/, true],
  ['HeaderMismatch', /deploy if that is in the definition or in cdk\.json/, false],
  ['MappingChanged', /deploy if that is in the definition or in cdk\.json/, false],
  ['InvalidInput', /with input as the reason says/, false],
  ['UnknownStage', /with input as the reason says/, false],
])('after %s the mail advises what helps', async (error, advice, redrives) => {
  const { mail } = await happened({ error })
  expect(mail?.text).toMatch(advice)
  const redrive = `aws stepfunctions redrive-execution --execution-arn ${arn}`
  expect([mail?.text.includes(redrive), mail?.text.includes('14 days')]).toEqual([redrives, redrives])
})

test('a failure of a batch is recorded, and told, under the error that it began with', async () => {
  const errorMessage = 'extract lacks a permission: s3:GetObject on export/1.csv. Give it back'
  const cause = JSON.stringify({ errorType: 'AccessDenied', errorMessage })
  const origin = { executionArn: 'arn:child', error: 'AccessDenied', cause }
  const { failures, mail } = await happened({ error: 'States.ExceedToleratedFailureThreshold' }, origin)
  expect(failures[0]?.failure).toMatchObject({ execution: arn, error: 'AccessDenied', cause: errorMessage })
  expect(mail?.text).toContain('Error      AccessDenied (a role lacks a permission that the run needs)')
  expect(mail?.text).toContain(`Reason     ${errorMessage}`)
})

test('a reason that is cut within a character is still a text that can be sent', async () => {
  const errorMessage = `${'x'.repeat(999)}\u{1f600}`
  const cause = JSON.stringify({ errorType: 'SourceChanged', errorMessage })
  const { failures, mail } = await happened({ error: 'SourceChanged', cause })
  expect(failures[0]?.failure.cause).toBe(`${'x'.repeat(999)}\ufffd`)
  expect(mail?.text.isWellFormed()).toBe(true)
})

test('the section of the runbook that the mail names is there', async () => {
  const section = /section "(.+)"/.exec((await happened({})).mail?.text ?? '')?.[1]
  expect(await readFile('docs/runbook.md', 'utf8')).toContain(`\n## ${section}\n`)
})

test('the execution of a stage names its migration in the run', async () => {
  const input = JSON.stringify({ run: runNamed('run-1'), segment: 'cities', stage: 'pilot', plans: false })
  const { failures, mail } = await happened({ input, status: 'TIMED_OUT' })
  expect(failures[0]).toMatchObject({ migration: 'places', failure: { status: 'TIMED_OUT' } })
  expect(mail?.subject).toBe('Lockgate: Stage pilot of cities of places ran out of time')
  expect((await happened({ input, status: 'ABORTED' })).mail).toBeUndefined()
})

test('what an error of others says may hold values, and goes nowhere', async () => {
  const cause = JSON.stringify({ errorType: 'Error', errorMessage: 'no such person: jane@example.com' })
  const { failures, mail } = await happened({ error: 'Error', cause })
  expect(JSON.stringify([failures, mail])).not.toContain('jane@')
})

test.each([[undefined], [null], ['not JSON'], ['{"other":1}'], ['7']])(
  'input %j is no obstacle',
  async (input) => {
    const { failures, mail } = await happened({ input })
    expect(failures).toEqual([])
    expect(mail?.subject).toBe('Lockgate: A run of an unknown migration failed')
  },
)
