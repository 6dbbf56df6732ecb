/** A moment for people; a number that is none, because somebody has put it there, as it is. */
export function momentText(milliseconds: number): string {
  const date = new Date(milliseconds)
  return Number.isNaN(date.getTime()) ? `${milliseconds} ms` : date.toISOString()
}
