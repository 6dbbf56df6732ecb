/**
 * Takes the place of `cls-hooked/context` in every bundle (lib/bundling.ts). There X-Ray's SDK keeps its current segment,
 * in a context that follows every promise by async hooks: a third of the time that a conditional write takes. On Lambda
 * that SDK enters one context for the whole process, which runs one invocation at a time, and Powertools sets its
 * segment: so there is nothing to follow. What would need it (`captureFunc` and its like) finds no method here, and throws.
 */
const values = new Map<string, unknown>()

const namespace = {
  createContext: () => values,
  enter: () => undefined,
  get: (name: string) => values.get(name),
  set: <T>(name: string, value: T): T => {
    values.set(name, value)
    return value
  },
}

export const createNamespace = () => namespace
export const getNamespace = () => namespace
