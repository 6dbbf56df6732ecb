import { html as tag } from 'hono/html'

/** Markup whose interpolated texts have been escaped. Only this tag makes it. */
export type Html = ReturnType<typeof tag> extends infer T ? Exclude<T, Promise<unknown>> : never

/**
 * A piece of a page. Texts and numbers are escaped, pieces and lists of pieces stay as they are; `undefined`,
 * `null` and booleans leave nothing. @throws TypeError for a promise: pages are made of what is known.
 */
export function html(strings: TemplateStringsArray, ...values: unknown[]): Html {
  const made = tag(strings, ...values)
  if (made instanceof Promise) throw new TypeError('a page is made of what is known, not of promises')
  return made
}
