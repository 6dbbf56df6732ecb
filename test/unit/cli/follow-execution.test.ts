import { expect, test } from 'vitest'
import { endingOf } from '../../../local/cli/follow-execution.ts'

const ended = (outcome: string) =>
  endingOf({
    status: 'SUCCEEDED',
    output: JSON.stringify({ migration: 'cities', run: 'r', outcome, stages: [] }),
  })

test('an execution that ended well may still not be a success', () => {
  expect(ended('complete')).toEqual({ status: 'succeeded' })
  expect(ended('held')).toMatchObject({ status: 'held' })
  expect(ended('repair')).toMatchObject({ status: 'repair' })
  expect(ended('rollback')).toMatchObject({ status: 'rollback' })
})

test('a failed one says which error, and what to do', () => {
  const cause = JSON.stringify({
    errorType: 'SourceMissing',
    errorMessage: 'there are no "objects"',
    trace: [],
  })
  expect(endingOf({ status: 'FAILED', error: 'SourceMissing', cause })).toEqual({
    status: 'failed',
    why: 'SourceMissing: there are no "objects"',
  })
  expect(endingOf({ status: 'ABORTED' })).toEqual({ status: 'failed', why: 'ABORTED' })
  expect(endingOf({ status: 'FAILED', error: 'States.Runtime', cause: 'no Choice matched' }).why).toContain(
    'no Choice',
  )
})
