/** The package ships no types of its own. */
declare module 'asl-validator' {
  interface Verdict {
    readonly isValid: boolean
    errorsText(separator?: string): string
  }
  export default function validate(definition: Readonly<Record<string, unknown>>): Verdict
}
