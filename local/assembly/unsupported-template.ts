/** Where in a template something stands: `path` is relative to the resource, e.g. `Properties.Code.ZipFile`. */
export interface Place {
  readonly stack: string
  readonly logicalId: string
  readonly type: string
  readonly path: string
}

/** Something in `cdk.out` that the local system would have to ignore; it refuses it instead. */
export class UnsupportedTemplate extends Error {
  override readonly name = 'UnsupportedTemplate'
  readonly place: Place

  constructor(place: Place, reason: string, options?: ErrorOptions) {
    const type = place.type === '' ? '' : ` (${place.type})`
    const path = place.path === '' ? '' : ` ${place.path}`
    const where = [place.stack, place.logicalId].filter((part) => part !== '').join('/')
    super(`${where}${type}${path}: ${reason}`, options)
    this.place = place
  }
}

export const below = (place: Place, key: string | number): Place => {
  const step = typeof key === 'number' ? `[${key}]` : place.path === '' ? key : `.${key}`
  return { ...place, path: place.path + step }
}
