import { StateFailure } from './errors.ts'
import type { HistoryEvent } from './history.ts'
import { MAX_HISTORY_EVENTS } from './limits.ts'
import type { Change, ExecutionFacts, ExecutionLine, FlowRecord } from './record.ts'

/** Where an execution's lines go: its own journal, or that of the Map Run it belongs to. */
export interface LineSink {
  append(line: ExecutionLine): void
  /** All events, read back from the journal; undefined when they have been discarded. */
  events(): HistoryEvent[] | undefined
  close(): void
}

/** The root flow's id; the others are named below it, as `/0/3`. */
export const ROOT = ''

/** The durable part of an execution: every change is on disk before it counts. */
export class Execution {
  facts: ExecutionFacts
  readonly flows = new Map<string, FlowRecord>()
  readonly #sink: LineSink
  readonly #now: () => number
  #events = 0

  constructor(facts: ExecutionFacts, sink: LineSink, now: () => number) {
    this.facts = facts
    this.#sink = sink
    this.#now = now
  }

  get eventCount(): number {
    return this.#events
  }

  flow(id: string): FlowRecord | undefined {
    return this.flows.get(id)
  }

  /**
   * Writes a change. A Standard execution that would fill its history fails instead; `last` marks the change that ends
   * it, for which the last place is kept.
   */
  write(change: Change, last = false): void {
    const drafts = change.events ?? []
    const room = this.facts.type === 'STANDARD' ? MAX_HISTORY_EVENTS - 1 - this.#events : Infinity
    if (drafts.length > 0 && drafts.length > room && !last) {
      if (room > 0) this.#append({ f: change.f, events: drafts.slice(0, room) })
      const cause = `The execution reached the maximum number of history events (${MAX_HISTORY_EVENTS}).`
      throw new StateFailure('States.Runtime', cause)
    }
    this.#append(change)
  }

  #append(change: Change): void {
    const line = this.#line(change)
    this.#sink.append(line)
    this.apply(line)
  }

  #line(change: Change): ExecutionLine {
    const line: ExecutionLine = {}
    if (change.x !== undefined) line.x = change.x
    if (change.assign !== undefined && Object.keys(change.assign).length > 0) line.a = change.assign
    if (change.drop !== undefined) line.drop = change.drop
    if (change.f !== undefined) line.f = change.f
    const events = this.#number(change)
    if (events.length > 0) line.e = events
    const last = events.at(-1)?.id
    if (change.v !== undefined) {
      // A flow that enters a state remembers the event, which the causes of failures quote.
      line.v =
        change.v.state !== undefined && last !== undefined ? { ...change.v, enteredEvent: last } : change.v
    }
    return line
  }

  #number(change: Change): HistoryEvent[] {
    let previous = change.f === undefined ? this.#events : this.#lastEvent(change.f)
    return (change.events ?? []).map((draft, index) => {
      const event = {
        id: this.#events + index + 1,
        previousEventId: previous,
        timestamp: this.#now(),
        ...draft,
      }
      previous = event.id
      return event
    })
  }

  // A branch's first event follows the last one of the flow that it belongs to.
  #lastEvent(flow: string): number {
    const known = this.flows.get(flow)?.lastEvent
    if (known !== undefined || flow === ROOT) return known ?? this.#events
    return this.#lastEvent(flow.slice(0, flow.lastIndexOf('/')))
  }

  /** Takes a line of the journal into memory. */
  apply(line: ExecutionLine): void {
    if (line.x !== undefined) this.facts = { ...this.facts, ...line.x }
    if (line.drop !== undefined) this.#drop(line.drop)
    const last = line.e?.at(-1)?.id
    if (last !== undefined) this.#events = last
    if (line.f === undefined) return
    const flow = { ...empty, ...this.flows.get(line.f), ...line.v }
    if (last !== undefined) flow.lastEvent = last
    if (line.a !== undefined) flow.variables = { ...flow.variables, ...line.a }
    this.flows.set(line.f, flow)
  }

  #drop(above: string): void {
    for (const id of this.flows.keys()) if (id.startsWith(`${above}/`)) this.flows.delete(id)
  }

  /** A finished execution needs its flows only when it is redriven. */
  forgetFlows(): void {
    this.flows.clear()
  }

  events(): HistoryEvent[] | undefined {
    return this.#sink.events()
  }

  close(): void {
    this.#sink.close()
  }
}

const empty: FlowRecord = {
  state: '',
  input: null,
  enteredAt: 0,
  enteredEvent: 0,
  lastEvent: 0,
  variables: {},
  step: {},
  outcome: null,
}
