/** A process that dies: not an error that any step may handle. */
export class Crash extends Error {
  override readonly name = 'Crash'
}

/**
 * Lets the n-th effect of a process be its last: `before` it takes effect, or `after`, when it has taken
 * effect and nobody learns of it.
 */
export class Interruption {
  effects = 0
  readonly #last: number
  readonly #when: 'before' | 'after'

  constructor(last = Infinity, when: 'before' | 'after' = 'before') {
    this.#last = last
    this.#when = when
  }

  /** `port`, whose named methods count as effects. */
  of<T extends object>(port: T, ...methods: readonly (keyof T & string)[]): T {
    const effect = async (name: string, act: () => Promise<unknown>): Promise<unknown> => {
      if (this.effects >= this.#last) throw new Crash(`dead before ${name}`)
      this.effects += 1
      if (this.effects === this.#last && this.#when === 'before') throw new Crash(`dies before ${name}`)
      const result = await act()
      if (this.effects === this.#last) throw new Crash(`dies after ${name}`)
      return result
    }
    return new Proxy(port, {
      get: (target, name) => {
        const value: unknown = Reflect.get(target, name, target)
        if (typeof value !== 'function') return value
        const act = (...args: unknown[]): unknown => Reflect.apply(value, target, args)
        const isEffect = (methods as readonly (string | symbol)[]).includes(name)
        return isEffect ? (...args: unknown[]) => effect(String(name), async () => act(...args)) : act
      },
    })
  }
}
