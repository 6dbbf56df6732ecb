import { z } from 'zod'
import { LockgateError } from '../../contract/errors.ts'
import type { ControlSumSpec } from '../definition/control-sum.ts'
import type { Fields } from '../value.ts'
import { exactOf } from './exact.ts'
import { everything, furtherGroups, groupLabel } from './group-label.ts'
import { addSums, noSums, packSums, sumsOf, unpackSums, type Sums } from './sums.ts'

/** Groups that the source may have. What the target holds beyond them is put together, and is off. */
export const mostGroups = 1_000
const mostInAll = 2 * mostGroups

const packed = z.string()
/**
 * One control sum of a batch: label, whether the source has the group, and the sums of both sides; the second is empty
 * where it is the same.
 */
export const groupedState = z.object({
  name: z.string(),
  groups: z.array(z.tuple([z.string(), z.boolean(), packed, packed])),
})
export type GroupedState = z.infer<typeof groupedState>

export interface Group {
  /** Whether the source has a record in it. */
  isExpected: boolean
  expected: Sums
  actual: Sums
}

/** One control sum as it grows, record by record or batch by batch; never more than so many groups. */
export class GroupedSums {
  readonly name: string
  readonly spec: ControlSumSpec
  readonly groups = new Map<string, Group>()
  private expectedGroups = 0

  constructor(name: string, spec: ControlSumSpec) {
    this.name = name
    this.spec = spec
  }

  /** A record that is expected, and what the target has in its place. @throws TooManyGroups. */
  add(expected: Fields, actual: Fields | undefined): void {
    const group = this.expectedGroup(this.labelOf(expected))
    const wanted = this.sumsOf(expected)
    group.expected = addSums(group.expected, wanted)
    if (!actual) return
    const isSame = actual === expected
    const at = isSame ? group : this.actualGroup(this.labelOf(actual))
    at.actual = addSums(at.actual, isSame ? wanted : this.sumsOf(actual))
  }

  /** @throws TooManyGroups. */
  merge({ groups }: GroupedState): void {
    for (const [label, isExpected, expected, actual] of groups) {
      const group = isExpected ? this.expectedGroup(label) : this.actualGroup(label)
      const wanted = unpackSums(expected)
      group.expected = addSums(group.expected, wanted)
      group.actual = addSums(group.actual, actual === '' ? wanted : unpackSums(actual))
    }
  }

  state(): GroupedState {
    const groups = [...this.groups].map(([label, { isExpected, expected, actual }]): Entry => {
      const [wanted, found] = [packSums(expected), packSums(actual)]
      return [label, isExpected, wanted, wanted === found ? '' : found]
    })
    return { name: this.name, groups }
  }

  private labelOf(fields: Fields): string {
    const { by } = this.spec
    return by === undefined ? everything : groupLabel(fields[by])
  }

  private sumsOf(fields: Fields): Sums {
    const value = exactOf(fields[this.spec.field])
    return value ? sumsOf(value) : noSums
  }

  private expectedGroup(label: string): Group {
    const group = this.groups.get(label) ?? this.newGroup(label)
    if (!group.isExpected) {
      group.isExpected = true
      this.expectedGroups += 1
      if (this.expectedGroups > mostGroups) throw tooManyGroups(this.name, this.spec)
    }
    return group
  }

  private actualGroup(label: string): Group {
    const found = this.groups.get(label)
    if (found) return found
    if (this.groups.size < mostInAll) return this.newGroup(label)
    return this.groups.get(furtherGroups) ?? this.newGroup(furtherGroups)
  }

  private newGroup(label: string): Group {
    const group = { isExpected: false, expected: noSums, actual: noSums }
    this.groups.set(label, group)
    return group
  }
}

type Entry = GroupedState['groups'][number]

function tooManyGroups(name: string, { by }: ControlSumSpec): LockgateError {
  return new LockgateError(
    'TooManyGroups',
    `control sum "${name}" has more than ${mostGroups} groups by ${by}, and a function holds no more of them: ` +
      'group by a field with fewer values, or by one that the mapping makes of it, such as its first letters',
  )
}
