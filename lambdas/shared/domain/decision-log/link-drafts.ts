import type { ErrorName } from '../../contract/errors.ts'
import type { Capability, Gate } from '../gate.ts'
import type { LogDraft } from './entry.ts'

/** Chain of refused requests that name no migration. */
export const unattributed = 'unattributed'

/** How somebody looked at a page: by a method, or a browser ahead of its user. */
export type View = 'GET' | 'HEAD' | 'PREFETCH'

/** A request by its source, whose name stands for an address. */
export interface Attempt {
  readonly error: ErrorName
  readonly reason: string
  readonly method: string
  readonly source: string
  readonly at: number
}

type Link = { readonly capability: Capability; readonly gate: Gate }

/** A link was opened for the first time in this way. Mail scanners open links as well: it says nothing of a person. */
export function openedDraft(link: Link, view: View, at: number): LogDraft {
  return {
    ...subject(link),
    id: `${link.capability.hash}#${view}`,
    kind: 'link-opened',
    at,
    reason: `the link was opened for the first time by ${view}`,
    detail: { method: view },
  }
}

/** What came by a link was refused. Repeats within a minute are one entry. */
export function refusedDraft(link: Link, { error, reason, method, source, at }: Attempt): LogDraft {
  return {
    ...subject(link),
    id: `${link.capability.hash}#${error}#${minuteOf(at)}`,
    kind: 'refused',
    at,
    reason,
    detail: { error, method, source },
  }
}

/** A request was refused that came by no link. Repeats from a source within a minute are one entry. */
export function unattributedDraft({ error, reason, method, source, at }: Attempt): LogDraft {
  return {
    ...nobody,
    id: `${source}#${error}#${minuteOf(at)}`,
    kind: 'refused',
    at,
    reason,
    detail: { error, method, source },
  }
}

/** A source has presented so many wrong capabilities that it is refused until a moment. */
export function sourceRefusedDraft(source: string, until: number, at: number): LogDraft {
  return {
    ...nobody,
    id: `${source}#source-refused#${until}`,
    kind: 'source-refused',
    at,
    reason: `too many wrong capabilities: the source is refused until ${new Date(until).toISOString()}`,
    detail: { error: 'SourceRefused', source, until },
  }
}

const nobody = { migration: unattributed, actor: 'unknown', role: 'unknown' } as const

function subject({ capability, gate }: Link) {
  const { migration, segment, stage, run, evidence, evidenceKey, fingerprint } = gate
  const { address, role } = capability
  return {
    ...{ migration, segment, stage, gate: gate.id, run, actor: address, role },
    ...{ evidence, evidenceKey, fingerprint },
  }
}

const minuteOf = (at: number) => new Date(at).toISOString().slice(0, 16)
