import { expectedPerson, hasSurveyor } from './expected-people.ts'

/** How many rows of the demo's export to take the people of, by segment. */
export interface Rows {
  readonly cities: number
  readonly airports: number
}

/**
 * A surname: it is in the name and in the mail address, however either is escaped, cut or put together. A telephone
 * number: its digits, whatever stands between them.
 */
const pattern =
  /(?<surname>[a-z]{6}(?:dahlstad|wickmoor))|999(?:%20|\D){0,4}(?<area>4[12])(?:%20|\D){0,4}(?<digits>\d{7})/gi

/** All values of the demo that are classified `mask`, `hash` or `drop`, found in one pass over a text. */
export class PersonalValues {
  readonly #parts = new Set<string>()

  constructor({ cities, airports }: Rows) {
    for (let id = 1; id <= cities; id += 1) if (hasSurveyor(id)) this.#add('cities', id)
    for (let id = 1; id <= airports; id += 1) this.#add('airports', id)
  }

  get size(): number {
    return this.#parts.size
  }

  /** What of them is in the text: surnames in lower case, and the digits of numbers. */
  in(text: string): string[] {
    const parts = [...text.matchAll(pattern)].map(({ groups = {} }) => {
      const { surname, area, digits } = groups
      return surname === undefined ? `${area}${digits}` : surname.toLowerCase()
    })
    return parts.filter((part) => this.#parts.has(part))
  }

  #add(segment: keyof Rows, id: number): void {
    const { mail, phone } = expectedPerson(segment, id)
    this.#parts.add(/\.([a-z]+)@/.exec(mail)?.[1] ?? mail)
    this.#parts.add(phone.replaceAll(/\D/g, '').slice(3))
  }
}
