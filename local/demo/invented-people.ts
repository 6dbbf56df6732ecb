/**
 * People who never lived, for the personal values of the demo: the same for the same id each time, and no two alike.
 * Their mail addresses lie in a domain that is kept for examples (RFC 2606), their numbers under the country code 999,
 * which is given to nobody.
 */
export interface InventedPerson {
  readonly name: string
  readonly mail: string
  readonly phone: string
}

/** How the people of a segment are told from those of another. */
export interface Family {
  /** How every surname ends; no place of the demo ends so. */
  readonly ending: string
  /** Area code of every number. */
  readonly area: number
}

export const surveyors: Family = { ending: 'dahlstad', area: 41 }
export const contacts: Family = { ending: 'wickmoor', area: 42 }

const givenNames = [
  'Åsa',
  'Chloé',
  'Jürgen',
  'Inês',
  'Marta',
  'Tomasz',
  'Nkechi',
  'Yusuf',
  'Zoë',
  'Hana',
  'Lev',
]
const consonants = [...'bdfghklmnprstvwz']
const vowels = [...'aeio']
/** Three syllables of a consonant and a vowel. */
const surnames = (consonants.length * vowels.length) ** 3
const numbers = 10_000_000
/** Has no divisor in common with either, so that no two ids of the demo meet. */
const spread = 6_899_731

export function inventedPerson(id: number, { ending, area }: Family): InventedPerson {
  const given = givenNames[id % givenNames.length] ?? ''
  const surname = syllables((id * spread) % surnames) + ending
  const plain = given.normalize('NFD').replaceAll(/\p{M}/gu, '').toLowerCase()
  return {
    name: `${given} ${surname.charAt(0).toUpperCase()}${surname.slice(1)}`,
    mail: `${plain}.${surname}@example.org`,
    phone: `+999 ${area} ${String((id * spread) % numbers).padStart(7, '0')}`,
  }
}

function syllables(number: number): string {
  const base = consonants.length * vowels.length
  const digits = [Math.floor(number / base ** 2), Math.floor(number / base) % base, number % base]
  return digits
    .map(
      (digit) =>
        `${consonants[Math.floor(digit / vowels.length)] ?? ''}${vowels[digit % vowels.length] ?? ''}`,
    )
    .join('')
}
