import { z } from 'zod'
import { dynamoDb } from '#lockgate'
import type { Segment } from '../../lambdas/shared/domain/definition/segment.ts'
import type { Fields } from '../../lambdas/shared/domain/value.ts'
import type { TargetWrite } from '../../lambdas/shared/ports/target.ts'

const Item = z.object({ pk: z.string(), sk: z.string(), size: z.number(), note: z.string().optional() })

/** What a target needs to know of a segment whose keys begin with `T#`. */
export const itemSegment: Pick<Segment, 'target' | 'map'> = {
  target: dynamoDb({
    at: 'things',
    record: Item,
    key: ['pk', 'sk'],
    scope: { attribute: 'pk', prefix: 'T#' },
  }),
  map: { pk: 'pk', sk: 'sk', size: 'size', note: 'note' },
}

export const itemKey = (n: number) => ({ pk: `T#${n}`, sk: 'x' })

/** The write of a record that must be absent. */
export const createItem = (n: number, fields: Fields = { size: n }): TargetWrite => ({
  key: itemKey(n),
  expected: undefined,
  after: { ...itemKey(n), ...fields },
})
