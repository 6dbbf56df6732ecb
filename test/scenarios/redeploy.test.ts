import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { z } from 'zod'
import { localSystem } from '../../local/cli/local-system.ts'
import { startSystem } from '../../local/system.ts'
import { runCommandOf, type RunningCommand } from '../support/command.ts'
import { expectedPlaces, type Attribute, type Item } from '../support/expected-places.ts'
import { Operator } from '../support/operator.ts'
import { piiHash } from '../support/pii-hash.ts'
import { itemsOf, keyText, tableEndingWith } from '../support/places-table.ts'
import { copyProject, rewrite } from '../support/project-copy.ts'
import { writeSmallExport, type WrittenExport } from '../support/small-export.ts'

/**
 * Changed code is deployed twice while a run waits at its first gate. On one machine the next command deploys: it
 * synthesises again, and publishes what is new beside what is there.
 */
const part = { files: 2, rowsPerFile: 20 }
let directory: string
let project: string
let state: string
let exported: WrittenExport
let command: RunningCommand | undefined

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'lockgate-redeploy-'))
  project = join(directory, 'project')
  state = join(directory, 'state')
  await copyProject(project)
  exported = await writeSmallExport(join(directory, 'export'), { cities: part, airports: part })
})

afterAll(async () => {
  command?.kill()
  await rm(directory, { recursive: true, force: true })
})

const mapping = `name: 'city_name'`
const loads = `  run: (input, context) => {`
const broken = `${loads}\n    if (input) throw new Error('this deployment loads nothing')`

test('a run ends on the versions that it began with; the next one has the newest', async () => {
  await untilItWaits('start', 'cities', ...exported.options)
  await rewrite(project, 'migrations/cities/cities.ts', mapping, `name: () => 'first'`)
  await rewrite(project, 'lambdas/load/handler.ts', loads, broken)
  await untilItWaits('resume')
  await rewrite(project, 'migrations/cities/cities.ts', `name: () => 'first'`, `name: () => 'second'`)
  await rewrite(project, 'lambdas/load/handler.ts', broken, loads)
  await rewrite(
    project,
    'statemachines/stage.asl.json',
    '"One stage of one segment',
    '"Again: one stage of one segment',
  )

  const { output } = await ended('resume', '--approve')
  expect(output).toContain('The run has ended: succeeded.')
  // The first deployment changed every function, by the fingerprint of the mapping; the second did so again.
  expect(await published()).toEqual({ load: [1, 2, 3], migrate: [1, 2, 3], stage: [1, 2, 3] })
  const called = await versionsCalled()
  expect(called.size).toBeGreaterThan(15)
  for (const [name, versions] of called)
    expect([name, [...versions]]).toEqual([name, isPage(name) ? ['$LATEST'] : ['1']])
  await compareWithFirstMapping()

  const next = await ended('start', 'cities', '--approve')
  expect(next.output).toMatch(/The run has ended: failed\. MappingChanged: .*deploy/)
  const since = await versionsCalled()
  expect([...(since.get('open-run') ?? [])]).toEqual(['1', '3'])
  expect([...(since.get('load') ?? [])]).toEqual(['1'])
})

/** Runs a command until the gate shows its link, then stops it as Ctrl-C does. */
async function untilItWaits(...argv: string[]): Promise<void> {
  command = runCommandOf(project, ...argv, '--state', state)
  await command.said(/decide here: \S+/)
  command.interrupt()
  expect((await command.finished).output).toContain('The run was stopped.')
}

async function ended(...argv: string[]) {
  command = runCommandOf(project, ...argv, '--state', state)
  return command.finished
}

const numbers = z.array(z.object({ number: z.int() }))
const versionFile = z.object({
  functions: z.record(z.string(), numbers),
  stateMachines: z.record(z.string(), numbers),
})

async function published(): Promise<Record<string, number[]>> {
  const { functions, stateMachines } = versionFile.parse(
    JSON.parse(await readFile(join(state, 'versions.json'), 'utf8')),
  )
  const of = (versions: z.infer<typeof numbers> = []) => versions.map(({ number }) => number)
  return {
    load: of(functions['lockgate-dev-load']),
    migrate: of(stateMachines['lockgate-dev-migrate']),
    stage: of(stateMachines['lockgate-dev-stage']),
  }
}

/** Of every invocation so far, by function: each has its line in the log. */
async function versionsCalled(): Promise<Map<string, Set<string>>> {
  const folder = join(state, 'logs')
  const called = new Map<string, Set<string>>()
  for (const file of await readdir(folder)) {
    const lines = (await readFile(join(folder, file), 'utf8')).matchAll(
      /^START RequestId: \S+ Version: (\S+)$/gm,
    )
    const name = file.replace(/^lockgate-dev-(.*)\.log$/, '$1')
    called.set(name, new Set([...lines].map(([, version = '']) => version)))
  }
  return called
}

/** They belong to no run, and follow each deployment. */
const isPage = (name: string) => ['show-gate', 'decide-gate'].includes(name)

/** The versions of the state machines, and the table, are what they were when the run began. */
async function compareWithFirstMapping(): Promise<void> {
  const assemblyDirectory = join(state, 'cdk.out')
  const system = await startSystem({ stateDirectory: state, assemblyDirectory, port: 0 })
  const operator = new Operator(localSystem(system))
  try {
    for (const machine of ['migrate', 'stage'] as const)
      expect(await operator.versionsRun(machine)).toEqual([`${operator.machineArn(machine)}:1`])
    const { dynamodb } = operator.clients
    const found = new Map<string, object>()
    for await (const item of itemsOf(dynamodb, await tableEndingWith(dynamodb, 'places')))
      found.set(keyText(item), item)
    const wanted = [...(await expectedPlaces(await piiHash(system))).items].filter(([, item]) =>
      isExported(item),
    )
    expect(found).toEqual(new Map(wanted))
  } finally {
    operator.leave()
    await system.close()
  }
}

const isExported = ({ kind, id }: Item) =>
  Number(valueOf(id)) <= exported.lastId[valueOf(kind) === 'city' ? 'city' : 'airport']

const valueOf = (attribute?: Attribute) =>
  attribute === undefined ? '' : 'S' in attribute ? attribute.S : attribute.N
