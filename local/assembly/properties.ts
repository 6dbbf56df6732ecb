import type { z } from 'zod'
import type { Deployment, Resource } from './deployment.ts'
import { placeOf } from './deployment.ts'
import { below, UnsupportedTemplate } from './unsupported-template.ts'

/**
 * The properties of a resource as `schema` describes them. Its objects are strict, so that a property which
 * nobody reads is refused by its path.
 */
export function readProperties<S extends z.ZodType>(
  deployment: Deployment,
  resource: Resource,
  schema: S,
): z.infer<S> {
  const result = schema.safeParse(deployment.properties(resource))
  if (result.success) return result.data
  throw refusal(resource, result.error)
}

function refusal(resource: Resource, error: z.ZodError): UnsupportedTemplate {
  const issue = error.issues[0]
  const unknown = issue?.code === 'unrecognized_keys' ? issue.keys[0] : undefined
  const path = [...(issue?.path ?? []), ...(unknown === undefined ? [] : [unknown])]
  const place = path.reduce(
    (where, key) => below(where, typeof key === 'number' ? key : String(key)),
    placeOf(resource, 'Properties'),
  )
  const reason =
    unknown === undefined ? (issue?.message ?? 'is malformed') : 'is not supported on one machine'
  return new UnsupportedTemplate(place, reason, { cause: error })
}

/** For values that only the reader of the resource can refuse. */
export const refuseProperty = (resource: Resource, path: string, reason: string): never => {
  throw new UnsupportedTemplate(placeOf(resource, path === '' ? '' : `Properties.${path}`), reason)
}
