import type { z } from 'zod'
import type { Criteria } from './criteria.ts'
import type { Filter, Mapping } from './mapping.ts'
import type { Contract, SourceSpec } from './source.ts'
import type { StageSpec } from './stage.ts'
import type { TargetContract, TargetSpec } from './target.ts'

/** How a segment's source is cut up. Frozen in the manifest when rehearse plans it. */
export interface Slicing {
  /** Bytes of source a batch, about. Less where a source is small, so that a pilot is a sample. */
  readonly batchBytes?: number
  /** Records a chunk: the unit of progress and undo. */
  readonly chunkRecords?: number
}

/** What a segment is once it is defined: types of rows and fields no longer matter to those who run it. */
export interface Segment {
  readonly name: string
  readonly owner: string
  readonly dependsOn: readonly string[]
  readonly source: SourceSpec
  readonly target: TargetSpec
  readonly references: unknown
  readonly filter: Readonly<Record<string, (row: unknown) => boolean>>
  readonly map: Readonly<Record<string, UntypedFieldMapping>>
  readonly criteria: Criteria
  readonly stages: readonly StageSpec[]
  readonly slicing: Slicing
}

type UntypedFrom = string | ((row: unknown, references: unknown) => unknown)
export type UntypedFieldMapping =
  UntypedFrom | { readonly from: UntypedFrom; readonly pii: 'mask' | 'hash' | 'drop' | 'keep' }

export interface SegmentOptions<R extends Contract, T extends TargetContract, Refs> {
  readonly name: string
  readonly owner: string
  readonly dependsOn?: readonly string[]
  readonly source: SourceSpec<R>
  readonly target: TargetSpec<T>
  /** Reference data for the mapping; part of the migration's fingerprint. */
  readonly references?: Refs
  readonly filter?: Filter<R>
  readonly map: Mapping<R, T, Refs>
  readonly criteria?: Criteria<keyof z.input<T> & string>
  readonly stages: readonly StageSpec[]
  readonly slicing?: Slicing
}

/** Defines a segment. The types of `row`, of each mapped field and of the key follow from the contracts. */
export function defineSegment<R extends Contract, T extends TargetContract, Refs = undefined>(
  options: SegmentOptions<R, T, Refs>,
): Segment {
  // The compiler has checked the functions against their rows; from here on a row is what the contract returned.
  const untyped = options as unknown as Pick<Segment, 'filter' | 'map' | 'source' | 'target' | 'criteria'>
  return {
    name: options.name,
    owner: options.owner,
    dependsOn: options.dependsOn ?? [],
    source: untyped.source,
    target: untyped.target,
    references: options.references,
    filter: untyped.filter ?? {},
    map: untyped.map,
    criteria: untyped.criteria ?? {},
    stages: options.stages,
    slicing: options.slicing ?? {},
  }
}
