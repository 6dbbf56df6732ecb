import type { Severity } from './limit.ts'

/** Count, sum, least and greatest of a field's numbers, by group, on both sides; no group may be off. */
export interface ControlSumSpec<Field extends string = string> {
  readonly field: Field
  /** Field whose values make the groups; absent: one group. */
  readonly by?: Field
  /** By how much sum, least and greatest of a group may be off; counts must be equal. */
  readonly tolerance: number
  readonly severity?: Severity
}

interface ControlSumOptions<Field extends string> {
  readonly by?: Field
  /** Default 0. */
  readonly tolerance?: number
  readonly severity?: Severity
}

/** A control sum over a numeric field that the mapping owns. */
export function controlSum<const Field extends string>(
  field: Field,
  options: ControlSumOptions<Field> = {},
): ControlSumSpec<Field> {
  return { field, tolerance: 0, ...options }
}
