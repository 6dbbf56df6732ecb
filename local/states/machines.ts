import { join } from 'node:path'
import { parseArn, unqualified } from './arns.ts'
import { ApiError } from './errors.ts'
import { Journal } from './journal.ts'
import { loadDefinition } from './load-definition.ts'

/** A state machine to register. With `versionArn` the definition is published as that version as well. */
export interface Registration {
  name: string
  arn: string
  versionArn?: string | undefined
  /** The text of the definition. */
  definition: string
  roleArn: string
}

/** A state machine, or one version of it. */
export interface Machine {
  name: string
  arn: string
  versionArn: string | null
  definition: string
  roleArn: string
  creationDate: number
}

/**
 * The registered state machines. Versions are kept on disk, and never change: a run that names one may still need it
 * after a restart with newer definitions.
 */
export class Machines {
  readonly #latest = new Map<string, Machine>()
  readonly #versions = new Map<string, Machine>()
  readonly #journal: Journal
  readonly #now: () => number

  constructor(directory: string, now: () => number) {
    this.#journal = new Journal(join(directory, 'versions.jsonl'))
    this.#now = now
    for (const line of this.#journal.read() as unknown as Machine[]) {
      if (line.versionArn !== null) this.#versions.set(line.versionArn, line)
    }
  }

  /** Throws UnsupportedFeature or InvalidDefinition, and ConflictException when a version would change. */
  register({ name, arn, versionArn, definition, roleArn }: Registration): void {
    loadDefinition(definition)
    const machine = {
      name,
      arn: unqualified(arn),
      versionArn: null,
      definition,
      roleArn,
      creationDate: this.#now(),
    }
    if (versionArn !== undefined) this.#publish({ ...machine, versionArn })
    this.#latest.set(machine.arn, machine)
  }

  #publish(version: Machine & { versionArn: string }): void {
    const known = this.#versions.get(version.versionArn)
    if (known === undefined) {
      this.#journal.append(version)
      this.#versions.set(version.versionArn, version)
    } else if (known.definition !== version.definition || known.roleArn !== version.roleArn) {
      throw new ApiError(
        'ConflictException',
        `${version.versionArn} is published with another definition or role`,
      )
    }
  }

  /** The machine or version of an ARN. */
  get(arn: string): Machine {
    if (parseArn(arn).kind !== 'stateMachine') throw new ApiError('InvalidArn', `Invalid Arn: '${arn}'`)
    const machine = this.#latest.get(arn) ?? this.#versions.get(arn)
    if (machine === undefined) {
      throw new ApiError('StateMachineDoesNotExist', `State Machine Does Not Exist: '${arn}'`)
    }
    return machine
  }

  list(): Machine[] {
    return [...this.#latest.values()].sort((one, other) => one.name.localeCompare(other.name))
  }

  /** Versions of the machine, the newest first. */
  versions(arn: string): Machine[] {
    const number = (machine: Machine) => Number(machine.versionArn?.split(':').at(-1))
    return [...this.#versions.values()]
      .filter((machine) => machine.arn === arn)
      .sort((one, other) => number(other) - number(one))
  }

  close(): void {
    this.#journal.close()
  }
}
