/** A process that dies: not an error that any step may handle. */
export class Crash extends Error {
  override readonly name = 'Crash'
}

type When = 'before' | 'after'

/**
 * Lets the n-th effect of a process be its last: `before` it takes effect, or `after`, when it has taken
 * effect and nobody learns of it.
 */
export class Interruption {
  effects = 0
  readonly #last: number
  readonly #when: When

  constructor(last = Infinity, when: When = 'before') {
    this.#last = last
    this.#when = when
  }

  /** What becomes of the process at its last effect. */
  protected async strike(where: string): Promise<void> {
    throw new Crash(`dies ${where}`)
  }

  /** Whether it has no further effects. */
  protected get isOver(): boolean {
    return this.effects >= this.#last
  }

  /** `port`, whose named methods count as effects. */
  of<T extends object>(port: T, ...methods: readonly (keyof T & string)[]): T {
    const effect = async (name: string, act: () => Promise<unknown>): Promise<unknown> => {
      if (this.isOver) throw new Crash(`dead before ${name}`)
      this.effects += 1
      const isLast = this.effects === this.#last
      if (isLast && this.#when === 'before') await this.strike(`before ${name}`)
      const result = await act()
      if (isLast && this.#when === 'after') await this.strike(`after ${name}`)
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

/** The n-th effect comes late: the process hangs there, unknown to those who called it, until it is woken. */
export class Delay extends Interruption {
  readonly #reached = Promise.withResolvers<void>()
  readonly #woken = Promise.withResolvers<void>()
  readonly reached: Promise<void> = this.#reached.promise

  protected override get isOver(): boolean {
    return false
  }

  protected override async strike(): Promise<void> {
    this.#reached.resolve()
    await this.#woken.promise
  }

  wake(): void {
    this.#woken.resolve()
  }
}
