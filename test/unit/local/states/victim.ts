/** A process that runs a distributed Map until it is killed: `node victim.ts <directory> <log of calls>`. */
import { appendFileSync } from 'node:fs'
import { setTimeout as wait } from 'node:timers/promises'
import { Engine } from '../../../../local/states/engine.ts'
import { systemClock } from '../../../../local/states/system-clock.ts'
import { randomUUID } from 'node:crypto'

const [directory = '', log = ''] = process.argv.slice(2)
const arn = 'arn:aws:states:eu-west-1:111122223333:stateMachine:demo'

const task = {
  Type: 'Task',
  Resource: 'arn:aws:states:::lambda:invoke',
  Arguments: { FunctionName: 'f', Payload: '{% $states.input %}' },
  Output: '{% $states.result.Payload %}',
  End: true,
}
const config = { Mode: 'DISTRIBUTED', ExecutionType: 'STANDARD' }
const processor = { ProcessorConfig: config, StartAt: 'T', States: { T: task } }
const map = { Type: 'Map', Items: '{% [0..99] %}', MaxConcurrency: 4, ItemProcessor: processor, End: true }

const engine = new Engine(directory, {
  clock: systemClock,
  random: () => Math.random(),
  newId: () => randomUUID(),
  invokeFunction: async ({ payload }) => {
    appendFileSync(log, `${JSON.stringify(payload)}\n`)
    await wait(3)
    return { payload }
  },
  callService: async () => ({}),
  readObject: () => {
    throw new Error('nothing to read')
  },
  writeObject: async () => undefined,
  authorize: async () => undefined,
  executionStatusChanged: () => undefined,
  report: (problem) => console.error(problem),
})

engine.registerStateMachine({
  name: 'demo',
  arn,
  roleArn: 'arn:aws:iam::111122223333:role/machine',
  definition: JSON.stringify({ QueryLanguage: 'JSONata', StartAt: 'M', States: { M: map } }),
})
engine.recover()
try {
  engine.startExecution({ stateMachineArn: arn, name: 'victim' })
} catch (error) {
  // The second time it runs already, or has ended.
  if (!(error instanceof Error) || !error.message.includes('Already Exists')) throw error
}
