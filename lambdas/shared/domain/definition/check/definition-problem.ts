/** A mistake in a definition. */
export interface DefinitionProblem {
  /** `migrations/<name>/migration.ts`. */
  readonly file: string
  readonly segment?: string
  /** The option at fault, such as `map.country` or `stages.1`. */
  readonly field?: string
  /** What is wrong, and what to do. */
  readonly message: string
}

/** A mistake before it is known whose file it is in. */
export type Finding = Omit<DefinitionProblem, 'file'>

/** One line: `migrations/cities/migration.ts: segment airports: map.country: …`. */
export function problemText({ file, segment, field, message }: DefinitionProblem): string {
  return [
    file,
    ...(segment === undefined ? [] : [`segment ${segment}`]),
    ...(field ? [field] : []),
    message,
  ].join(': ')
}
