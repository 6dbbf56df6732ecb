import type { Stack } from './cdk-out.ts'
import type { Json } from './json.ts'
import { UnsupportedTemplate } from './unsupported-template.ts'
import type { Place } from './unsupported-template.ts'

/** The outputs of all stacks, by which stacks also refer to each other. */
export class StackOutputs {
  readonly #stacks: readonly Stack[]
  readonly #resolve: (value: Json, place: Place) => Json | undefined
  readonly #isWanted: (stack: Stack, output: string, condition: string | undefined) => boolean
  /** Export name -> the output behind it; filled when the first import asks. */
  #exports: Map<string, { stack: Stack; output: string }> | undefined

  constructor(
    stacks: readonly Stack[],
    resolve: (value: Json, place: Place) => Json | undefined,
    isWanted: (stack: Stack, output: string, condition: string | undefined) => boolean,
  ) {
    this.#stacks = stacks
    this.#resolve = resolve
    this.#isWanted = isWanted
  }

  /** By `<stack>.<output>`; lists as JSON. */
  all(): Record<string, string> {
    return Object.fromEntries(
      this.#entries().map(([stack, output]) => {
        const value = this.#valueOf(stack, output)
        return [`${stack.name}.${output}`, typeof value === 'string' ? value : JSON.stringify(value)]
      }),
    )
  }

  /** `Fn::GetStackOutput`, CDK's weak reference between stacks. */
  value(stackName: string, output: string, place: Place): Json {
    const found = this.#entries().find(([stack, id]) => stack.name === stackName && id === output)
    if (found === undefined) throw new UnsupportedTemplate(place, `there is no output ${stackName}.${output}`)
    return this.#valueOf(...found)
  }

  /** `Fn::ImportValue`, CDK's strong reference between stacks. */
  exported(name: string, place: Place): Json {
    this.#exports ??= this.#readExports()
    const found = this.#exports.get(name)
    if (found === undefined) throw new UnsupportedTemplate(place, `no stack here exports ${name}`)
    return this.#valueOf(found.stack, found.output)
  }

  #entries(): [Stack, string][] {
    return this.#stacks.flatMap((stack) =>
      Object.entries(stack.template.Outputs)
        .filter(([id, { Condition }]) => this.#isWanted(stack, id, Condition))
        .map(([id]): [Stack, string] => [stack, id]),
    )
  }

  #readExports(): Map<string, { stack: Stack; output: string }> {
    const exports = new Map<string, { stack: Stack; output: string }>()
    for (const [stack, output] of this.#entries()) {
      const definition = stack.template.Outputs[output]?.Export
      if (definition === undefined) continue
      const place = { stack: stack.name, logicalId: output, type: 'output', path: 'Export.Name' }
      const name = this.#resolve(definition.Name, place)
      if (typeof name !== 'string') throw new UnsupportedTemplate(place, 'is not a text')
      exports.set(name, { stack, output })
    }
    return exports
  }

  #valueOf(stack: Stack, output: string): Json {
    const place = { stack: stack.name, logicalId: output, type: 'output', path: 'Value' }
    const value = this.#resolve(stack.template.Outputs[output]?.Value ?? null, place)
    if (value === undefined) throw new UnsupportedTemplate(place, 'has no value')
    return value
  }
}
