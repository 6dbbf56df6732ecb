const cents = new Intl.NumberFormat('en-GB', { minimumFractionDigits: 2, maximumFractionDigits: 2 })
const small = new Intl.NumberFormat('en-GB', { maximumSignificantDigits: 2 })

/** An amount of USD, without its unit: in cents, or with two digits that say something where it is less than one. */
export function usdText(usd: number): string {
  return usd > 0 && usd < 0.01 ? small.format(usd) : cents.format(usd)
}
