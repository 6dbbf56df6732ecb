import { closeSync, mkdirSync, openSync, writeSync } from 'node:fs'
import { join } from 'node:path'

export interface Report {
  readonly milliseconds: number
  readonly memoryMiB: number
  readonly peakBytes: number
  readonly initMilliseconds: number | undefined
  /** The error payload, where the invocation failed. */
  readonly failure?: string
}

/** `<stateDirectory>/logs/<function>.log`, opened for appending and handed to the processes as their output. */
export class FunctionLog {
  readonly descriptor: number

  constructor(stateDirectory: string, functionName: string) {
    const directory = join(stateDirectory, 'logs')
    mkdirSync(directory, { recursive: true })
    this.descriptor = openSync(join(directory, `${functionName}.log`), 'a')
  }

  start(requestId: string, version: string): void {
    writeSync(this.descriptor, `START RequestId: ${requestId} Version: ${version}\n`)
  }

  end(requestId: string, report: Report): void {
    const fields = [
      `REPORT RequestId: ${requestId}`,
      `Duration: ${report.milliseconds.toFixed(2)} ms`,
      `Billed Duration: ${Math.ceil(report.milliseconds)} ms`,
      `Memory Size: ${report.memoryMiB} MB`,
      `Max Memory Used: ${Math.ceil(report.peakBytes / 1024 / 1024)} MB`,
    ]
    if (report.initMilliseconds !== undefined)
      fields.push(`Init Duration: ${report.initMilliseconds.toFixed(2)} ms`)
    if (report.failure !== undefined) fields.push('Status: error')
    writeSync(this.descriptor, `END RequestId: ${requestId}\n${fields.join('\t')}\n`)
  }

  close(): void {
    closeSync(this.descriptor)
  }
}
