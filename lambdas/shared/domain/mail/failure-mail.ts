import { errorNames, isErrorName, type ErrorName } from '../../contract/errors.ts'
import { mailSubject } from './subject.ts'

export interface FailedExecution {
  readonly arn: string
  readonly name: string
  readonly status: 'FAILED' | 'TIMED_OUT' | 'ABORTED'
  /** `undefined` where the event could not carry the input. */
  readonly migration: string | undefined
  /** Of a stage's own execution; a run has none. */
  readonly stage: { readonly segment: string; readonly stage: string } | undefined
  readonly error: string | undefined
  /** What is wrong and what to do, where Lockgate itself says so. */
  readonly reason: string | undefined
}

const ended = { FAILED: 'failed', TIMED_OUT: 'ran out of time', ABORTED: 'was stopped' } as const

/** The mail to operators: what failed and what to do. Causes of others stay in the console: they may quote a request. */
export function failureMail(failed: FailedExecution) {
  const { migration = 'an unknown migration', stage, status, error, reason } = failed
  const what = stage ? `Stage ${stage.stage} of ${stage.segment} of ${migration}` : `A run of ${migration}`
  const lines = [
    `${what} ${ended[status]}.`,
    '',
    `Execution  ${failed.name}`,
    `Status     ${status}`,
    ...(error === undefined ? [] : [`Error      ${error}${meaningOf(error)}`]),
    ...(reason === undefined ? [] : [`Reason     ${reason}`]),
    '',
    'What happened, state by state:',
    consoleLink(failed.arn),
    '',
    'WHAT TO DO',
    ...advice(failed),
    '',
    'Nothing is lost: what is complete is taken as done, and nothing is loaded twice. Gates keep their decisions.',
    'More: docs/runbook.md, section "Failed run".',
  ]
  return { subject: mailSubject(`Lockgate: ${what} ${ended[status]}`), text: lines.join('\n') }
}

function meaningOf(error: string): string {
  return isErrorName(error) ? ` (${errorNames[error]})` : ''
}

/** What a run may go on from as it is, once its cause is gone. A redrive keeps definition, settings and input. */
const passing: readonly ErrorName[] = [
  ...(['ServiceUnavailable', 'TargetThrottled', 'AccessDenied'] as const),
  ...(['SubscriptionNotConfirmed', 'EvidenceAltered', 'DecisionLogAltered', 'ArchiveObjectMissing'] as const),
]
const ofInput: readonly ErrorName[] = ['InvalidInput', 'UnknownMigration', 'UnknownStage']

function advice({ stage, arn, error }: FailedExecution): string[] {
  if (error !== undefined && isErrorName(error)) {
    if (ofInput.includes(error)) return ['  Start the migration again with input as the reason says.']
    if (!passing.includes(error))
      return [
        '  Mend what the reason says, and deploy if that is in the definition or in cdk.json. Then start the',
        '  migration again with the same input. A redrive would keep the definition and the settings of this run.',
      ]
  }
  const again = '  or start the migration again with the same input. Both are safe.'
  if (stage)
    return [
      '  The run that this stage belongs to ends as well. Redrive that run once the cause is gone,',
      again,
    ]
  return [
    '  Once the cause is gone, redrive the execution (possible for 14 days after it ended):',
    `  aws stepfunctions redrive-execution --execution-arn ${arn}`,
    again,
  ]
}

/** Page of an execution in the console of its region. */
export function consoleLink(arn: string): string {
  const region = arn.split(':')[3] ?? ''
  return `https://${region}.console.aws.amazon.com/states/home?region=${region}#/v2/executions/details/${arn}`
}
