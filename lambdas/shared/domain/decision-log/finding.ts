/** What is wrong with something that the audit looked at. */
export const findingKinds = [
  /** Is not what was signed. */
  'altered',
  /** Is gone from one side, or from both. */
  'missing',
  /** Stands at a place that is another entry's. */
  'moved',
  /** Is there, and was never appended. */
  'added',
  /** Everything from some entry to the end is gone. */
  'cut',
  /** Two entries of one place are signed, or an entry follows one that is not there. */
  'forked',
  /** The locked first version is there, and a later one or a delete marker hides it. */
  'hidden',
  /** Is not under Object Lock. */
  'unlocked',
  /** Log and gate tell different stories. */
  'disagrees',
] as const
export type FindingKind = (typeof findingKinds)[number]

/** Where it was found. `both`: in the table and in the copies. */
export type Side = 'table' | 'copy' | 'both' | 'mark' | 'mail' | 'evidence' | 'report' | 'artifact' | 'gate'

export interface Finding {
  readonly kind: FindingKind
  readonly side: Side
  /** Number of the entry that it is about. */
  readonly entry?: number
  /** Key of the object or item that it is about. */
  readonly at?: string
  /** One sentence: what is wrong, and what it should be. */
  readonly message: string
}
