import {
  definitionFacts,
  describeExecution,
  describeMapRun,
  historyEvent,
  listedExecution,
  listedMachine,
  listedMapRun,
  seconds,
} from './api-shapes.ts'
import { MalformedRequest, Parameters, parseText } from './api-parameters.ts'
import type { Engine } from './engine.ts'
import type { JsonObject } from './json.ts'

type Answer = (engine: Engine, given: Parameters) => JsonObject | Promise<JsonObject>

const statuses = ['RUNNING', 'SUCCEEDED', 'FAILED', 'TIMED_OUT', 'ABORTED'] as const

const all: Record<string, Answer> = {
  StartExecution(engine, given) {
    const start = { stateMachineArn: given.text('stateMachineArn'), name: given.optionalText('name') }
    const input = parseText(given.optionalText('input') ?? '{}', 'InvalidExecutionInput')
    given.ignore('traceHeader')
    given.done()
    const { facts } = engine.startExecution({ ...start, input })
    return { executionArn: facts.arn, startDate: seconds(facts.startDate) }
  },

  DescribeExecution(engine, given) {
    const arn = given.text('executionArn')
    const whole = given.oneOf('includedData', ['ALL_DATA', 'METADATA_ONLY']) !== 'METADATA_ONLY'
    given.done()
    return describeExecution(engine.execution(arn), engine.now(), whole)
  },

  ListExecutions(engine, given) {
    const [machine, run] = [given.optionalText('stateMachineArn'), given.optionalText('mapRunArn')]
    const status = given.oneOf('statusFilter', statuses)
    const redriven = given.oneOf('redriveFilter', ['REDRIVEN', 'NOT_REDRIVEN'])
    if ((machine === undefined) === (run === undefined)) {
      throw new MalformedRequest("exactly one of 'stateMachineArn' and 'mapRunArn' is required")
    }
    const of = run === undefined ? { stateMachineArn: machine ?? '' } : { mapRunArn: run }
    const list = engine
      .executions(of, status)
      .filter(({ facts }) => redriven === undefined || facts.redriveCount > 0 === (redriven === 'REDRIVEN'))
    const { page, nextToken } = given.page(list)
    given.done()
    return { executions: page.map(listedExecution), ...(nextToken === undefined ? {} : { nextToken }) }
  },

  GetExecutionHistory(engine, given) {
    const events = engine.history(given.text('executionArn'))
    const whole = given.optionalFlag('includeExecutionData') ?? true
    const ordered = given.optionalFlag('reverseOrder') === true ? events.toReversed() : events
    const { page, nextToken } = given.page(ordered)
    given.done()
    return {
      events: page.map((event) => historyEvent(event, whole)),
      ...(nextToken === undefined ? {} : { nextToken }),
    }
  },

  StopExecution(engine, given) {
    const arn = given.text('executionArn')
    const [error, cause] = [given.optionalText('error'), given.optionalText('cause')]
    given.done()
    const { facts } = engine.stopExecution(arn, error, cause)
    return { stopDate: seconds(facts.stopDate ?? engine.now()) }
  },

  async RedriveExecution(engine, given) {
    const arn = given.text('executionArn')
    given.ignore('clientToken')
    given.done()
    const { facts } = await engine.redriveExecution(arn)
    return { redriveDate: seconds(facts.redriveDate ?? engine.now()) }
  },

  SendTaskSuccess(engine, given) {
    const [token, output] = [given.text('taskToken'), given.text('output')]
    given.done()
    engine.sendTaskSuccess(token, output)
    return {}
  },

  SendTaskFailure(engine, given) {
    const [token, error, cause] = [
      given.text('taskToken'),
      given.optionalText('error'),
      given.optionalText('cause'),
    ]
    given.done()
    engine.sendTaskFailure(token, error, cause)
    return {}
  },

  SendTaskHeartbeat(engine, given) {
    const token = given.text('taskToken')
    given.done()
    engine.sendTaskHeartbeat(token)
    return {}
  },

  DescribeMapRun(engine, given) {
    const run = engine.mapRun(given.text('mapRunArn'))
    given.done()
    return describeMapRun(run)
  },

  ListMapRuns(engine, given) {
    const executionArn = given.text('executionArn')
    const { facts } = engine.execution(executionArn)
    const { page, nextToken } = given.page(engine.mapRuns(executionArn))
    given.done()
    const mapRuns = page.map((run) => listedMapRun(run, facts.machineArn))
    return { mapRuns, ...(nextToken === undefined ? {} : { nextToken }) }
  },

  ListStateMachines(engine, given) {
    const { page, nextToken } = given.page(engine.stateMachines())
    given.done()
    return { stateMachines: page.map(listedMachine), ...(nextToken === undefined ? {} : { nextToken }) }
  },

  ListStateMachineVersions(engine, given) {
    const versions = engine.stateMachineVersions(engine.stateMachine(given.text('stateMachineArn')).arn)
    const { page, nextToken } = given.page(versions)
    given.done()
    const stateMachineVersions = page.map(({ versionArn, creationDate }) => ({
      stateMachineVersionArn: versionArn,
      creationDate: seconds(creationDate),
    }))
    return { stateMachineVersions, ...(nextToken === undefined ? {} : { nextToken }) }
  },

  DescribeStateMachine(engine, given) {
    const machine = engine.stateMachine(given.text('stateMachineArn'))
    given.ignore('includedData')
    given.done()
    return {
      ...definitionFacts(
        machine.versionArn ?? machine.arn,
        machine.name,
        machine.definition,
        machine.roleArn,
      ),
      status: 'ACTIVE',
      type: 'STANDARD',
      creationDate: seconds(machine.creationDate),
    }
  },

  DescribeStateMachineForExecution(engine, given) {
    const { facts } = engine.execution(given.text('executionArn'))
    given.ignore('includedData')
    given.done()
    return {
      ...definitionFacts(facts.machineArn, facts.machineName, engine.definitionOf(facts.arn), facts.roleArn),
      ...(facts.mapRunArn === null ? {} : { mapRunArn: facts.mapRunArn }),
      updateDate: seconds(facts.startDate),
    }
  },
}

/** The operations that are answered, by name. */
export const answers: ReadonlyMap<
  string,
  (engine: Engine, body: JsonObject) => JsonObject | Promise<JsonObject>
> = new Map(
  Object.entries(all).map(([name, answer]) => [name, (engine, body) => answer(engine, new Parameters(body))]),
)
