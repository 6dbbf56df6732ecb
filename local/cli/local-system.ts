import type { System, SystemOptions } from '../system.ts'

/** The running local system, as commands use it. */
export interface LocalSystem extends Pick<
  System,
  'endpoint' | 'mailboxUrl' | 'mails' | 'onMail' | 'requests' | 'peakMemory' | 'faults' | 'close'
> {
  /** Version of the state machine that this synthesis published. */
  readonly stateMachineArn: string
  readonly archiveBucket: string
  readonly evidenceBucket: string
  /** Every approval page lies under this address. */
  readonly approvalUrl: string
  /** Name of the bucket behind a source of `cdk.json`. */
  sourceBucket(name: string): string
}

export type StartLocalSystem = (options: SystemOptions) => Promise<LocalSystem>

/** Names what commands need among the outputs of the stacks. */
export function localSystem(system: System): LocalSystem {
  const { outputs } = system.assembly
  return {
    endpoint: system.endpoint,
    mailboxUrl: system.mailboxUrl,
    mails: system.mails,
    onMail: system.onMail,
    requests: system.requests,
    peakMemory: system.peakMemory,
    faults: system.faults,
    close: system.close,
    stateMachineArn: outputNamed(outputs, 'MigrateVersion'),
    archiveBucket: outputNamed(outputs, 'ArchiveBucket'),
    evidenceBucket: outputNamed(outputs, 'EvidenceBucket'),
    approvalUrl: outputNamed(outputs, 'ApprovalUrl'),
    sourceBucket: (name) => outputNamed(outputs, `Source${name}`),
  }
}

/** The value of an output, in whichever stack it is. */
function outputNamed(outputs: Readonly<Record<string, string>>, name: string): string {
  const found = Object.entries(outputs).find(([key]) => key.endsWith(`.${name}`))
  if (found !== undefined) return found[1]
  throw new Error(
    `no stack has an output ${name}; there are ${Object.keys(outputs).sort().join(', ') || 'none'}`,
  )
}
