const most = 99

/** A subject that SNS takes: printable ASCII, one line, under 100 characters. */
export function mailSubject(text: string): string {
  const ascii = text.replaceAll(/\s+/g, ' ').replaceAll(/[^\x20-\x7e]/g, '?')
  return ascii.length <= most ? ascii : `${ascii.slice(0, most - 3)}...`
}
