import { z } from 'zod'
import type { Finding } from './definition-problem.ts'
import { migrationShape } from './definition-shape.ts'

const named = z.object({ segments: z.array(z.object({ name: z.string() }).catch({ name: '' })) })

/** Wrong types, names, spans and sizes, each at its place. */
export function checkShape(migration: unknown): Finding[] {
  const { error } = migrationShape.safeParse(migration)
  if (error === undefined) return []
  const segments = named.safeParse(migration).data?.segments ?? []
  return error.issues.map((issue) => {
    const [first, index, ...rest] = issue.path
    if (first !== 'segments' || typeof index !== 'number') {
      return { field: issue.path.join('.') || 'migration', message: sentence(issue) }
    }
    return {
      segment: segments[index]?.name || `#${index + 1}`,
      field: rest.join('.'),
      message: sentence(issue),
    }
  })
}

/** A message of ours as it is; one of zod's own with the path's last word as its subject. */
function sentence(issue: z.core.$ZodIssue): string {
  return issue.message.replace(/^(Invalid|Unrecognized|Too)/, (word) => word.toLowerCase())
}
