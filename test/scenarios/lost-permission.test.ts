import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { localSystem } from '../../local/cli/local-system.ts'
import { synthesise } from '../../local/cli/synthesise.ts'
import { startSystem, type System } from '../../local/system.ts'
import { copyAssembly, grantedActions, without } from '../permissions/granted-actions.ts'
import { checkpointsOf } from '../support/checkpoints.ts'
import { Operator, silent } from '../support/operator.ts'
import { itemsOf, tableEndingWith } from '../support/places-table.ts'
import { writeSmallExport } from '../support/small-export.ts'

/** A permission is taken from a role while a run waits at a gate, as a deployment would do it, and given back later. */
let directory: string
let assembly: string
let system: System | undefined
let operator: Operator

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'lockgate-lost-'))
  const part = { files: 3, rowsPerFile: 4 }
  await writeSmallExport(join(directory, 'export'), { cities: part, airports: part })
  assembly = await synthesise(directory, silent, new AbortController().signal)
})

afterAll(async () => {
  await stop()
  await rm(directory, { recursive: true, force: true })
})

test('without it the run fails, and says which permission of whom is missing; with it a redrive goes on', async () => {
  await deploy(assembly)
  await operator.send(join(directory, 'export'))
  const run = await operator.run()
  await operator.mailTo('steward@example.com', /rehearse/)
  await stop()

  const lesser = join(directory, 'lesser')
  const taken = (await grantedActions(assembly)).find(
    ({ resource, action }) => resource.startsWith('LoadRole') && action === 's3:PutObject',
  )
  expect(taken).toBeDefined()
  await copyAssembly(assembly, lesser, (file, template) => taken && without(taken, file, template))
  await deploy(lesser)
  operator.approve()
  expect((await operator.ended(run)).status).toBe('FAILED')
  const reason = new RegExp(
    'Reason +load lacks a permission: User: \\S+LoadRole\\S+ is not authorized to perform: s3:PutObject on ' +
      'resource: \\S+/undo/cities/\\S+ [^]*\\. Give it back [^]*, then redrive the run',
  )
  const mail = await operator.mailTo('operator@example.com', /A run of cities failed$/)
  expect(mail.text).toContain('Error      AccessDenied (a role lacks a permission that the run needs)')
  expect(mail.text).toMatch(reason)
  const left = await checkpointsOf(operator.clients.dynamodb, 'airports')
  expect([...left.values()].map(({ state }) => state)).toEqual(['transformed', 'transformed', 'transformed'])
  expect(await places()).toEqual([])
  await stop()

  await deploy(assembly)
  operator.approve()
  await operator.redrive(run)
  expect((await operator.ended(run)).status).toBe('SUCCEEDED')
  expect(await places()).toHaveLength(24)
  for (const segment of ['cities', 'airports'])
    for (const { state, ledger } of (await checkpointsOf(operator.clients.dynamodb, segment)).values())
      expect([state, ledger.conflicted]).toEqual(['reconciled', 0])
})

async function places() {
  const { dynamodb } = operator.clients
  return Array.fromAsync(itemsOf(dynamodb, await tableEndingWith(dynamodb, 'places')))
}

async function deploy(assemblyDirectory: string): Promise<void> {
  system = await startSystem({ stateDirectory: join(directory, 'state'), assemblyDirectory, port: 0 })
  operator = new Operator(localSystem(system))
}

async function stop(): Promise<void> {
  operator?.leave()
  await system?.close()
  system = undefined
}
