/** Writes delimited text as the legacy system does: quotes only where they are needed, `\N` for null. */
export function legacyLine(fields: readonly (string | null)[], newline: string): string {
  return fields.map(legacyField).join(';') + newline
}

function legacyField(value: string | null): string {
  if (value === null) return '\\N'
  return /[;"\r\n]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value
}
