import { spawnSync } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { z } from 'zod'
import { runResult } from '../../lambdas/shared/contract/payloads.ts'
import { localSystem } from '../../local/cli/local-system.ts'
import type { GuardDecision } from '../../local/permissions/guard.ts'
import { startSystem, type System } from '../../local/system.ts'
import { Operator } from '../support/operator.ts'
import { copyProject, rewrite } from '../support/project-copy.ts'
import { writeSmallExport } from '../support/small-export.ts'
import { event, icalendar } from '../unit/local/services/ssm/calendars.ts'

/**
 * A migration whose stages wait for a calendar. What the calendar says is decided at each look at it, by who looks, so
 * that nothing depends on how fast this machine is.
 */
let directory: string
let system: System
let operator: Operator
let calendarFile: string
/** Answers what is to stand in the calendar when the role of a function asks for the nth time. */
let script: (role: 'begin-stage' | 'await-window', time: number) => string = () => closed
let looks: Record<string, number> = {}

const closed = icalendar('DEFAULT_CLOSED')
const open = icalendar('DEFAULT_OPEN')

/** Closed, and opening after so many seconds at most. */
function opensWithin(seconds: number): string {
  const at = new Date(Date.now() + seconds * 1000).toISOString().replaceAll(/[-:]|\.\d+/g, '')
  return icalendar('DEFAULT_CLOSED', ...event(`DTSTART:${at}`, 'DURATION:P30D'))
}

/** Told of each call before it is answered. */
function onDecision({ action, principalArn }: GuardDecision): void {
  if (action !== 'ssm:GetCalendarState') return
  const role = /BeginStage/.test(principalArn)
    ? ('begin-stage' as const)
    : /AwaitWindow/.test(principalArn)
      ? ('await-window' as const)
      : undefined
  if (role === undefined) return
  looks[role] = (looks[role] ?? 0) + 1
  writeFileSync(calendarFile, script(role, looks[role]))
}

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'lockgate-window-'))
  calendarFile = join(directory, 'calendar.ics')
  await writeFile(calendarFile, closed)
  const project = join(directory, 'project')
  await copyProject(project)
  const segments = 'segments: [cities, airports],'
  await rewrite(project, 'migrations/cities/migration.ts', segments, `${segments} calendar: 'businessHours',`)
  const hours = '"calendars": { "businessHours": { "create": "migrations/cities/hours.ics" } }'
  await rewrite(project, 'cdk.json', '"calendars": {}', hours)
  await writeFile(join(project, 'migrations/cities/hours.ics'), closed)
  const assemblyDirectory = await synthesised(project)
  const part = { files: 1, rowsPerFile: 8 }
  await writeSmallExport(join(directory, 'export'), { cities: part, airports: part })
  const stateDirectory = join(directory, 'state')
  system = await startSystem({ stateDirectory, assemblyDirectory, port: 0, calendarFile, onDecision })
  operator = new Operator(localSystem(system))
  await operator.send(join(directory, 'export'))
  operator.approve()
})

afterAll(async () => {
  operator?.leave()
  await system?.close()
  await rm(directory, { recursive: true, force: true })
})

beforeEach(() => {
  looks = {}
})

test('a run waits for its calendar, says so, gives way when it closes again, and goes on', async () => {
  // Cities is told to wait, and again when it comes back; airports, which follows, once. Who waits sees the calendar
  // closed twice, with an opening soon, and then open.
  script = (role, time) => {
    if (role === 'begin-stage') return [1, 2, 4].includes(time) ? opensWithin(3600) : open
    return time <= 2 ? opensWithin(3) : open
  }
  const ended = await operator.ended(await operator.run({ until: 'rehearse' }))
  expect(ended).toMatchObject({ status: 'SUCCEEDED' })

  const waits = await operator.executionsOf('window')
  expect(waits.map(({ status }) => status)).toEqual(waits.map(() => 'SUCCEEDED'))
  expect(waits).toHaveLength(3)
  expect(await operator.versionsRun('window')).toEqual([`${operator.machineArn('window')}:1`])
  const { input = '' } = await operator.describe(waits[0]?.executionArn ?? '')
  expect(JSON.parse(input)).toMatchObject({
    why: expect.stringMatching(/^calendar businessHours is closed until 20/),
  })
  const [mail] = system.mails().filter(({ subject }) => /waits for calendar businessHours$/.test(subject))
  expect(mail?.text).toMatch(/Opens {6}20\S+Z/)

  const { stages } = runResult.parse(JSON.parse(ended.output ?? ''))
  for (const { stage, status, waited } of stages) {
    if (stage !== 'rehearse') continue
    expect(status).toBe('passed')
    expect(waited?.calendar).toBe('businessHours')
    expect(Date.parse(waited?.since ?? '')).toBeLessThan(Date.parse(waited?.until ?? ''))
  }
})

test('a run that waits can be stopped and is taken over; where its wait is stopped, it is redriven', async () => {
  script = () => closed
  const first = await operator.run({ until: 'pilot' })
  const waiting = await waitGoingOn()
  await operator.stop(first)
  expect(await operator.ended(waiting)).toMatchObject({ status: 'ABORTED' })

  const second = await operator.run({ until: 'pilot' })
  await operator.stop(await waitGoingOn())
  expect(await operator.ended(second)).toMatchObject({ status: 'FAILED' })
  script = () => open
  await operator.redrive(second)
  const ended = await operator.ended(second)
  expect(ended.status).toBe('SUCCEEDED')
  expect(runResult.parse(JSON.parse(ended.output ?? '')).outcome).toBe('complete')
})

/** ARN of the wait that is going on, once there is one. */
async function waitGoingOn(): Promise<string> {
  for (;;) {
    const all = await operator.executionsOf('window')
    const running = all.find(({ status }) => status === 'RUNNING')
    if (running?.executionArn !== undefined) return running.executionArn
    await operator.pause()
  }
}

const cdkJson = z.object({ context: z.record(z.string(), z.unknown()) })

async function synthesised(project: string): Promise<string> {
  const { context } = cdkJson.parse(JSON.parse(await readFile(join(project, 'cdk.json'), 'utf8')))
  const folder = join(directory, 'cdk.out')
  const env = { ...process.env, CDK_OUTDIR: folder, CDK_CONTEXT_JSON: JSON.stringify(context) }
  const made = spawnSync(process.execPath, ['bin/lockgate.ts'], { cwd: project, encoding: 'utf8', env })
  if (made.status !== 0) throw new Error(made.stdout + made.stderr)
  return folder
}
