import { InvalidArgumentError } from 'commander'

/** To be called with the number of requests served; kills the whole process group at the given one. */
export function killAfter(requests: number | undefined): (served: number) => void {
  return (served) => {
    if (requests !== undefined && served >= requests) process.kill(-process.pid, 'SIGKILL')
  }
}

/** The group of a process that does not lead it holds others, such as the shell: it must not be killed. */
export function requireGroupLeader(): void {
  try {
    process.kill(-process.pid, 0)
  } catch (cause) {
    throw Object.assign(
      new InvalidArgumentError(
        'It needs a process group of its own: begin with `setsid --wait node local/main.ts`.',
      ),
      { cause },
    )
  }
}
