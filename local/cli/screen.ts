import { MultiBar, Presets } from 'cli-progress'

/** One line of progress: a stage of a segment, and how many of its parts are done. */
export interface Progress {
  /** Such as `cities / pilot`. */
  readonly name: string
  /** Such as `batches`. */
  readonly unit: string
  readonly done: number
  readonly total: number
}

/** Where a command says what it does. */
export interface Screen {
  line(text: string): void
  progress(progress: Progress): void
  /** Leaves the bars as they are. Lines may follow. */
  endProgress(): void
}

/** Bars on a terminal, plain lines elsewhere. */
export function createScreen(output: NodeJS.WriteStream): Screen {
  return output.isTTY ? new BarScreen(output) : new LineScreen(output)
}

class BarScreen implements Screen {
  readonly #output: NodeJS.WriteStream
  readonly #bars: Map<string, ReturnType<MultiBar['create']>> = new Map()
  #multi: MultiBar | undefined

  constructor(output: NodeJS.WriteStream) {
    this.#output = output
  }

  line(text: string): void {
    if (this.#multi === undefined) this.#output.write(`${text}\n`)
    else this.#multi.log(`${text}\n`)
  }

  progress({ name, unit, done, total }: Progress): void {
    this.#multi ??= new MultiBar(
      {
        format: ' {name} {bar} {percentage}%  {value}/{total} {unit}  {duration_formatted}',
        stream: this.#output,
        hideCursor: true,
        barsize: 30,
        autopadding: true,
      },
      Presets.shades_classic,
    )
    const payload = { name: name.padEnd(22), unit }
    const bar = this.#bars.get(name) ?? this.#multi.create(total, 0, payload)
    this.#bars.set(name, bar)
    bar.setTotal(total)
    bar.update(done, payload)
    if (done === total) bar.stop()
  }

  endProgress(): void {
    this.#multi?.stop()
    this.#multi = undefined
    this.#bars.clear()
  }
}

class LineScreen implements Screen {
  readonly #output: NodeJS.WritableStream
  readonly #told = new Map<string, string>()

  constructor(output: NodeJS.WritableStream) {
    this.#output = output
  }

  line(text: string): void {
    this.#output.write(`${text}\n`)
  }

  /** A line for each quarter of the way, so that a log stays readable. */
  progress({ name, unit, done, total }: Progress): void {
    const quarter = total === 0 ? 4 : Math.floor((done / total) * 4)
    const step = `${unit} ${quarter}`
    if (this.#told.get(name) === step) return
    this.#told.set(name, step)
    this.line(`${name}: ${done} of ${total} ${unit}`)
  }

  endProgress(): void {
    this.#told.clear()
  }
}
