import { ListExecutionsCommand } from '@aws-sdk/client-sfn'
import { existsSync } from 'node:fs'
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { localSystem, type LocalSystem } from '../../local/cli/local-system.ts'
import type { GuardDecision } from '../../local/permissions/guard.ts'
import { matchesWildcard } from '../../local/permissions/wildcard.ts'
import { startSystem } from '../../local/system.ts'
import { Operator } from '../support/operator.ts'
import { acts } from './course.ts'
import { copyAssembly, hurried, without, type GrantedAction } from './granted-actions.ts'
import { copyState, type Recording } from './recording.ts'

/** `shown`: something failed, and says which action on which resource. `hidden`: refused, and nobody would know. */
export type Outcome =
  | { readonly kind: 'shown'; readonly where: string; readonly error: string }
  | { readonly kind: 'hidden' | 'unneeded' }

/** No course takes as long, also where all cores are busy with something else. */
const courseMilliseconds = 300_000
/** How long a refusal may take to show, where something else has to end first. */
const patienceMilliseconds = 30_000
/** How long after an act that broke a refusal may come: what broke is taken down first. */
const brokenMilliseconds = 20_000
/** How long a refusal that stands in a log has to fail an execution as well. */
const logMilliseconds = 5_000

/** Plays the course from one act on, with one action less. It ends as soon as the refusal is seen. */
export async function attempt(
  taken: GrantedAction,
  fromAct: number,
  { recording, assembly, directory }: { recording: Recording; assembly: string; directory: string },
): Promise<Outcome> {
  const own = await mkdtemp(join(directory, 'try-'))
  const [stateDirectory, assemblyDirectory] = [join(own, 'state'), join(own, 'cdk.out')]
  try {
    await copyAssembly(assembly, assemblyDirectory, hurried, (...of) => without(taken, ...of))
    await copyState(recording.snapshotOf(fromAct), stateDirectory)
    return await play(taken, fromAct, { recording, stateDirectory, assemblyDirectory })
  } finally {
    await rm(own, { recursive: true, force: true })
  }
}

interface Stage {
  readonly recording: Recording
  readonly stateDirectory: string
  readonly assemblyDirectory: string
}

async function play(taken: GrantedAction, fromAct: number, stage: Stage): Promise<Outcome> {
  const { recording, ...options } = stage
  const refused = Promise.withResolvers<GuardDecision>()
  const onDecision = (decision: GuardDecision) => {
    // Policies of keys grant by wildcard.
    const isTaken = matchesWildcard(taken.action.toLowerCase(), decision.action.toLowerCase())
    if (!decision.allowed && isTaken) refused.resolve(decision)
  }
  let system: LocalSystem
  try {
    system = localSystem(await startSystem({ ...options, port: 0, onDecision }))
  } catch (error) {
    const text = String(error)
    if (text.includes(taken.action))
      return { kind: 'shown', where: 'at the start', error: text.split(':')[0] ?? '' }
    throw error
  }
  const operator = new Operator(system)
  // Of one act: who approves in one does not in the next.
  let player = new Operator(system)
  try {
    const { exports, stages } = recording
    const course = async () => {
      let memory = stages[fromAct]?.memory ?? { run: '', stage: '' }
      for (const act of acts(exports).slice(fromAct)) {
        memory = await act.play(player, memory)
        player.leave()
        player = new Operator(system)
      }
    }
    // Without the action an act may well not end as it should; only the refusal is of interest.
    const ended = course().then(
      () => 'ended' as const,
      () => 'broken' as const,
    )
    const tooLong = sleep(courseMilliseconds, 'too long' as const, { ref: false })
    const first = await Promise.race([refused.promise, ended, tooLong])
    if (first === 'too long') throw new Error('the course goes on and on, and nothing is refused')
    if (first === 'ended') return { kind: 'unneeded' }
    const decision =
      first === 'broken'
        ? await Promise.race([refused.promise, sleep(brokenMilliseconds, undefined, { ref: false })])
        : first
    if (decision === undefined) throw new Error('the course broke, and nothing had been refused')
    return (await shown(decision, operator, stage.stateDirectory)) ?? { kind: 'hidden' }
  } finally {
    player.leave()
    operator.leave()
    await system.close()
  }
}

/** Where somebody would see it: as the error of an execution, or in the log of a function. */
async function shown(
  { action, resourceArn }: GuardDecision,
  operator: Operator,
  stateDirectory: string,
): Promise<Outcome | undefined> {
  const words = `is not authorized to perform: ${action} on resource: ${resourceArn}`
  const began = Date.now()
  while (Date.now() < began + patienceMilliseconds) {
    const error = await failureSaying(words, operator)
    if (error !== undefined) return { kind: 'shown', where: 'in the execution', error }
    const log = await logSaying(words, join(stateDirectory, 'logs'))
    if (log && Date.now() > began + logMilliseconds) return { kind: 'shown', ...log }
    await sleep(100)
  }
  return undefined
}

const machines = ['migrate', 'stage', 'window'] as const

async function failureSaying(words: string, operator: Operator): Promise<string | undefined> {
  for (const executionArn of await failedExecutions(operator)) {
    const origin = await operator.originOf(await operator.describe(executionArn))
    if (origin.cause?.includes(words)) return origin.error ?? 'no name'
  }
  return undefined
}

async function failedExecutions(operator: Operator): Promise<string[]> {
  const found: string[] = []
  for (const machine of machines) {
    const stateMachineArn = operator.machineArn(machine)
    const wanted = new ListExecutionsCommand({ stateMachineArn, statusFilter: 'FAILED' })
    const listed = await operator.clients.states.send(wanted)
    found.push(...(listed.executions ?? []).map(({ executionArn = '' }) => executionArn))
  }
  return found
}

async function logSaying(
  words: string,
  folder: string,
): Promise<{ where: string; error: string } | undefined> {
  // Where the first function of a run could not be called, none has logged anything.
  if (!existsSync(folder)) return undefined
  for (const file of await readdir(folder)) {
    const line = (await readFile(join(folder, file), 'utf8')).split('\n').find((one) => one.includes(words))
    if (line === undefined) continue
    const error =
      /"(?:error|errorType|name)":"([^"]*(?:Denied|Authorization)[^"]*)"/.exec(line)?.[1] ?? 'a line'
    return { where: `in the log ${file}`, error }
  }
  return undefined
}
