/** The invented people of the demo, worked out a second time from what docs/demo.md says of them. */
export interface ExpectedPerson {
  readonly name: string
  readonly mail: string
  readonly phone: string
}

const given = 'Åsa Chloé Jürgen Inês Marta Tomasz Nkechi Yusuf Zoë Hana Lev'.split(' ')
const plain = 'asa chloe jurgen ines marta tomasz nkechi yusuf zoe hana lev'.split(' ')
const syllables = [...'bdfghklmnprstvwz'].flatMap((first) => [...'aeio'].map((second) => first + second))

/** @param segment whose people they are: surveyors of cities, or contacts of airports. */
export function expectedPerson(segment: 'cities' | 'airports', id: number): ExpectedPerson {
  const number = id * 6_899_731
  const surname =
    [4096, 64, 1].map((weight) => syllables[Math.trunc(number / weight) % 64]).join('') +
    { cities: 'dahlstad', airports: 'wickmoor' }[segment]
  const area = { cities: '41', airports: '42' }[segment]
  return {
    name: `${given[id % 11]} ${surname.slice(0, 1).toUpperCase()}${surname.slice(1)}`,
    mail: `${plain[id % 11]}.${surname}@example.org`,
    phone: `+999 ${area} ${String(10_000_000 + (number % 10_000_000)).slice(1)}`,
  }
}

/** Each fourth city has a surveyor, and each that is broken. */
export const hasSurveyor = (id: number): boolean => id % 4 === 0 || id % 997 === 0
