import type { CdkOut, ResourceDefinition, Stack } from './cdk-out.ts'
import { evaluateCondition } from './conditions.ts'
import type { Json, JsonObject } from './json.ts'
import { isObject } from './json.ts'
import { StackOutputs } from './outputs.ts'
import { parameterValue, pseudoParameter } from './parameters.ts'
import { resolve } from './resolve.ts'
import type { Lookups } from './resolve.ts'
import { UnsupportedTemplate } from './unsupported-template.ts'
import type { Place } from './unsupported-template.ts'
import type { VersionStore } from './versions.ts'
import { withoutMeaning } from './without-meaning.ts'

export interface Resource {
  readonly stack: Stack
  readonly logicalId: string
  readonly type: string
  readonly definition: ResourceDefinition
}

/** What `Ref` and `Fn::GetAtt` answer for a resource type. */
export interface Identity {
  ref(resource: Resource, deployment: Deployment): string
  readonly attributes: Readonly<Record<string, (resource: Resource, deployment: Deployment) => string>>
}

export interface Settings {
  readonly account: string
  readonly region: string
  readonly httpApiEndpoint: (apiId: string) => string
  readonly versions: VersionStore
  readonly assets: CdkOut['assets']
  readonly identities: Readonly<Record<string, Identity>>
}

/** All stacks of an assembly, resolved on demand: what is asked for first is resolved first. */
export class Deployment {
  readonly settings: Settings
  readonly #lookups = new Map<string, Lookups>()
  readonly #properties = new Map<Resource, JsonObject>()
  readonly #underway = new Set<Resource>()
  readonly #resources: readonly Resource[]
  readonly #outputs: StackOutputs

  constructor(stacks: readonly Stack[], settings: Settings) {
    this.settings = settings
    for (const stack of stacks) this.#lookups.set(stack.name, this.#lookupsOf(stack))
    this.#outputs = new StackOutputs(
      stacks,
      (value, place) => this.resolve(value, place),
      (stack, id, condition) => this.#wanted(stack, id, condition),
    )
    this.#resources = stacks.flatMap((stack) =>
      Object.entries(stack.template.Resources)
        .filter(([logicalId, { Condition }]) => this.#wanted(stack, logicalId, Condition))
        .map(([logicalId, definition]) => ({ stack, logicalId, type: definition.Type, definition })),
    )
  }

  get resources(): readonly Resource[] {
    return this.#resources
  }

  ofType(type: string): readonly Resource[] {
    return this.#resources.filter((resource) => resource.type === type)
  }

  /** Whether somebody has read the properties of the resource. */
  wasRead(resource: Resource): boolean {
    return this.#properties.has(resource)
  }

  /** The properties of a resource without those that have no meaning here. */
  properties(resource: Resource): JsonObject {
    const known = this.#properties.get(resource)
    if (known !== undefined) return known
    const place = placeOf(resource, 'Properties')
    if (this.#underway.has(resource)) throw new UnsupportedTemplate(place, 'depends on itself')
    this.#underway.add(resource)
    const resolved = this.resolve(resource.definition.Properties, place)
    const properties = isObject(resolved) ? resolved : {}
    this.#underway.delete(resource)
    this.#properties.set(resource, properties)
    return properties
  }

  /** One property alone, for names: they may be needed while the resource itself is being resolved. */
  textProperty(resource: Resource, name: string): string | undefined {
    const value = resource.definition.Properties[name]
    if (value === undefined) return undefined
    const place = placeOf(resource, `Properties.${name}`)
    const resolved = this.resolve(value, place)
    if (resolved === undefined || typeof resolved === 'string') return resolved
    throw new UnsupportedTemplate(place, 'is not a text')
  }

  resolve(value: Json, place: Place): Json | undefined {
    const lookups = this.#lookups.get(place.stack)
    if (lookups === undefined) throw new UnsupportedTemplate(place, `there is no stack ${place.stack}`)
    return resolve(value, place, lookups)
  }

  ref(resource: Resource): string {
    const identity = this.settings.identities[resource.type]
    if (identity === undefined)
      throw new UnsupportedTemplate(placeOf(resource), 'Ref to this type is not supported')
    return identity.ref(resource, this)
  }

  attribute(resource: Resource, name: string): string {
    const attribute = this.settings.identities[resource.type]?.attributes[name]
    if (attribute !== undefined) return attribute(resource, this)
    throw new UnsupportedTemplate(
      placeOf(resource),
      `Fn::GetAtt ${name} of ${resource.type} is not supported`,
    )
  }

  get outputs(): StackOutputs {
    return this.#outputs
  }

  #wanted(stack: Stack, logicalId: string, condition: string | undefined): boolean {
    const place = { stack: stack.name, logicalId, type: '', path: 'Condition' }
    return condition === undefined || this.#lookups.get(stack.name)?.condition(condition, place) === true
  }

  #lookupsOf(stack: Stack): Lookups {
    const { template } = stack
    const find = (logicalId: string, place: Place): Resource => {
      const found = this.#resources.find((item) => item.stack === stack && item.logicalId === logicalId)
      if (found === undefined) throw new UnsupportedTemplate(place, `the stack has no resource ${logicalId}`)
      return found
    }
    const lookups: Lookups = {
      ref: (name, place) => {
        if (name.startsWith('AWS::')) return pseudoParameter(name, stack, this.settings, place)
        const parameter = template.Parameters[name]
        return parameter === undefined ? this.ref(find(name, place)) : parameterValue(name, parameter, place)
      },
      attribute: (logicalId, attribute, place) => this.attribute(find(logicalId, place), attribute),
      importValue: (name, place) => this.#outputs.exported(name, place),
      stackOutput: ({ stack: producer, output, region = this.settings.region }, place) => {
        if (region === this.settings.region) return this.#outputs.value(producer, output, place)
        throw new UnsupportedTemplate(place, `an output of ${region} is not supported`)
      },
      mapping: (map, first, second, place) => {
        const value = template.Mappings[map]?.[first]?.[second]
        if (value === undefined) throw new UnsupportedTemplate(place, `no mapping ${map}.${first}.${second}`)
        return value
      },
      condition: (name, place) => {
        const condition = template.Conditions[name]
        if (condition === undefined)
          throw new UnsupportedTemplate(place, `the stack has no condition ${name}`)
        return evaluateCondition(condition, { ...place, path: `Conditions.${name}` }, lookups)
      },
      skipped: (place) => withoutMeaning(place.type, place.path) !== undefined,
      // CDK writes the address of an HTTP API as a host name of AWS; here the API answers elsewhere.
      text: (text) =>
        text.replaceAll(
          /https:\/\/([a-z0-9]{10})\.execute-api\.[a-z0-9-]+\.amazonaws\.com/g,
          (_all, id: string) => this.settings.httpApiEndpoint(id),
        ),
    }
    return lookups
  }
}

export const placeOf = (resource: Resource, path = ''): Place => ({
  stack: resource.stack.name,
  logicalId: resource.logicalId,
  type: resource.type,
  path,
})
