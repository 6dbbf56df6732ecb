import { childArn } from './arns.ts'
import type { Execution } from './execution.ts'
import type { ExecutionStore } from './execution-store.ts'
import { started } from './history.ts'
import type { MapItem, MapRun, MapRunPlan } from './map-run.ts'
import type { Ports } from './ports.ts'
import { startedFacts } from './start.ts'

interface Place {
  store: ExecutionStore
  ports: Ports
}

/** Begins a Map Run: its items are on disk when this resolves. */
export function openMapRun(
  { store, ports }: Place,
  parent: Execution,
  arn: string,
  plan: MapRunPlan,
  items: AsyncIterable<MapItem>,
): Promise<MapRun> {
  const begun = {
    arn,
    executionArn: parent.facts.arn,
    plan,
    status: 'RUNNING' as const,
    startDate: ports.clock.now(),
    stopDate: null,
    redriveCount: 0,
    redriveDate: null,
    resultsWritten: false,
    failure: null,
  }
  return store.createMapRun(begun, items)
}

/** Begins the child execution for one input of the Map Run. */
export function newChild({ store, ports }: Place, run: MapRun, index: number): Execution {
  const parent = store.executions.get(run.facts.executionArn)
  if (parent === undefined) throw new Error(`${run.facts.arn} has lost its execution`)
  const { input, items } = run.item(index)
  const { machineArn: arn, machineName, versionArn, roleArn } = parent.facts
  const name = ports.newId()
  const { type } = run.facts.plan
  const begun = startedFacts({
    arn: childArn(run.facts.arn, type, name),
    name,
    machine: { arn, name: machineName, versionArn, roleArn },
    input,
    startDate: ports.clock.now(),
  })
  const facts = { ...begun, type, mapRunArn: run.facts.arn, itemCount: items, round: run.facts.redriveCount }
  const child = store.createChild(run, index, facts)
  child.write({ x: facts, events: [started(input, roleArn)] })
  return child
}
