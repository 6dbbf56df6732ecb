/**
 * `npm run permissions:each`: takes each action that the templates grant away, one at a time, and expects the demo's
 * migration to fail with a refusal that names action and resource, or the action on the short list with its reason.
 *
 *     --only <regex>   those whose name matches, such as `Load` or `^Load s3:`
 *     --sample <n>     so many of them, spread evenly; 0 only tells what is not used
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { createScreen } from '../../local/cli/screen.ts'
import { synthesise } from '../../local/cli/synthesise.ts'
import { attempt, type Outcome } from './attempt.ts'
import { writeExports } from './course.ts'
import { copyAssembly, grantedActions, hurried, nameOfGrant, type GrantedAction } from './granted-actions.ts'
import { record, type Recording } from './recording.ts'
import { isRaced, reasonFor, reasonForIdle, stale } from './short-list.ts'
import { usageOf } from './usage.ts'

const { values } = parseArgs({
  options: { only: { type: 'string', default: '' }, sample: { type: 'string' } },
})
/** Tries side by side: a run waits much of its time. */
const lanes = values.sample === '0' ? 1 : 2
const screen = createScreen(process.stdout)
const say = (text: string) => screen.line(text)
const problems: string[] = []
const complain = (text: string) => {
  problems.push(text)
  say(`PROBLEM  ${text}`)
}

const directory = await mkdtemp(join(tmpdir(), 'lockgate-permissions-'))
try {
  await each(await synthesise(directory, screen, new AbortController().signal))
} finally {
  await rm(directory, { recursive: true, force: true })
}
say(problems.length === 0 ? '\nEach granted action is needed, or listed.' : `\n${problems.length} problems.`)
process.exitCode = problems.length === 0 ? 0 : 1

async function each(assembly: string): Promise<void> {
  const all = await grantedActions(assembly)
  const undisturbed = join(directory, 'hurried')
  await copyAssembly(assembly, undisturbed, hurried)
  const exports = join(directory, 'exports')
  await writeExports(exports)
  say(`${all.length} granted actions. The course, undisturbed:`)
  const recordings: Recording[] = []
  for (let lane = 0; lane < lanes; lane += 1)
    recordings.push(
      await record(join(directory, `lane-${lane}`), undisturbed, exports, lane === 0 ? say : () => undefined),
    )
  const [recording] = recordings
  if (recording === undefined) return

  const firstAct = await usedFrom(all, assembly, recording)
  const wanted = [...firstAct.keys()].filter((grant) => new RegExp(values.only).test(nameOfGrant(grant)))
  const tries = sample(wanted, Number(values.sample ?? wanted.length))
  say(`\n${tries.length} of ${firstAct.size} actions in use are taken away, one at a time:`)
  const began = performance.now()
  const open = tries.entries()
  let done = 0
  const work = async (own: Recording, lane: number) => {
    for (const [, grant] of open) {
      const act = firstAct.get(grant) ?? 0
      const from = performance.now()
      const outcome = await attempt(grant, act, {
        recording: own,
        assembly,
        directory: join(directory, `lane-${lane}`),
      })
      done += 1
      const minutes = (((performance.now() - began) / done) * (tries.length - done)) / 60_000
      const seconds = ((performance.now() - from) / 1000).toFixed(1)
      say(
        `[${done}/${tries.length}, ${minutes.toFixed(1)} min left] ${nameOfGrant(grant)}: ${judge(grant, outcome)} (${seconds} s)`,
      )
    }
  }
  await Promise.all(recordings.map(work))
}

/** The act in which each action is first used; complains of those that are not used, in whole or in part. */
async function usedFrom(
  all: readonly GrantedAction[],
  assembly: string,
  { assembly: loaded, stages }: Recording,
): Promise<Map<GrantedAction, number>> {
  const firstAct = new Map<GrantedAction, number>()
  const decisions = stages.flatMap((stage, act) => stage.decisions.map((decision) => ({ ...decision, act })))
  for (const { allowed, action, resourceArn } of decisions)
    if (!allowed) complain(`${action} on ${resourceArn} is refused, though nothing was taken away`)
  const usages = await usageOf(assembly, loaded, all, decisions)
  const idleParts = usages.flatMap(({ grant, first, idle }) =>
    first === undefined || reasonFor(grant) !== undefined ? [] : idle.map((part) => ({ grant, part })),
  )
  for (const entry of stale(all, idleParts))
    complain(`the short list has what is not granted, or not idle: ${entry}`)
  for (const { grant, first } of usages) {
    const reason = reasonFor(grant)
    if (first !== undefined) firstAct.set(grant, decisions[first]?.act ?? 0)
    else if (reason === undefined) complain(`${nameOfGrant(grant)}: granted and never used`)
    else say(`  not used: ${nameOfGrant(grant)}: ${reason}`)
  }
  for (const { grant, part } of idleParts) {
    const why = reasonForIdle({ grant, part })
    if (why === undefined) complain(`${nameOfGrant(grant)}: never used for ${part}`)
    else say(`  not used for ${part}: ${nameOfGrant(grant)}: ${why}`)
  }
  // What is not of a role cannot be told from decisions alone: it is tried from the beginning.
  const ofRoles = new Set(usages.map(({ grant }) => grant))
  for (const grant of all) if (!ofRoles.has(grant) && reasonFor(grant) === undefined) firstAct.set(grant, 0)
  return firstAct
}

function judge(grant: GrantedAction, outcome: Outcome): string {
  const name = nameOfGrant(grant)
  const reason = reasonFor(grant)
  if (outcome.kind === 'shown') {
    if (reason !== undefined && !isRaced(grant))
      complain(`${name} is on the short list, and turned out to be needed`)
    return `${outcome.error}, ${outcome.where}`
  }
  const what = outcome.kind === 'hidden' ? 'is refused, and nothing says so' : 'is not needed'
  if (reason === undefined) complain(`${name} ${what}`)
  return `${what}: ${reason ?? 'not on the short list'}`
}

function sample<T>(all: readonly T[], count: number): readonly T[] {
  if (count >= all.length) return all
  return Array.from({ length: count }, (_, at) => all[Math.floor((at * all.length) / count)]).flatMap(
    (one) => (one === undefined ? [] : [one]),
  )
}
