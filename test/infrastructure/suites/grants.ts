import { describe, expect, it } from 'vitest'
import { grants } from '../../../lib/grants.ts'
import { pascalCase } from '../../../lib/definition.ts'
import { allowed, rolePolicies } from '../policies.ts'
import type { Synthesised } from '../synthesised.ts'

export function grantsSuite({ workflow, stateful }: Synthesised): void {
  const policies = rolePolicies(workflow)
  const of = (name: string): string[] => allowed(policies.get(pascalCase(name)))
  const about = (name: string, what: string): string[] => of(name).filter((pair) => pair.includes(what))
  const withAccessTo = (what: string): string[] =>
    Object.keys(grants).filter((name) => about(name, what).length > 0)

  const source = 'source-legacyexport'
  const target = 'table/lockgate-dev-target-places'

  describe('sources and targets', () => {
    it('lets only those read a source who plan, extract or reconcile, and one see whether it changed', () => {
      const readers = Object.keys(grants).filter((name) =>
        about(name, source).some((pair) => pair.startsWith('s3:GetObject on')),
      )
      expect(readers.sort()).toEqual(['extract', 'reconcile', 'scan-range', 'survey-source'])
      expect(withAccessTo(source).sort()).toEqual(['begin-stage', 'extract', 'open-run', ...readers.slice(1)])
    })

    it('lets nobody write a source', () => {
      const actions = Object.keys(grants).flatMap((name) =>
        about(name, source).map((pair) => pair.split(' on ')[0]),
      )
      expect([...new Set(actions)].sort()).toEqual(['s3:GetObject', 's3:GetObjectVersion', 's3:ListBucket'])
    })

    it('reads below the prefixes of the registered migrations only', () => {
      expect(about('extract', source).filter((pair) => pair.startsWith('s3:GetObject on'))).toEqual([
        `s3:GetObject on s3:::lockgate-dev-${source}-/airports/*`,
        `s3:GetObject on s3:::lockgate-dev-${source}-/cities/*`,
      ])
    })

    it('lets only load write a target, and nobody delete', () => {
      const writers = Object.keys(grants).filter((name) =>
        about(name, target).some((pair) => /Put|Update/.test(pair)),
      )
      expect(writers).toEqual(['load'])
      expect(
        [...policies.values()].flatMap(allowed).filter((pair) => /Delete(?!LogDelivery)|Remove/.test(pair)),
      ).toEqual([])
    })

    it('keeps sources and targets apart: who reads one has nothing of the other, but for those who compare', () => {
      const both = withAccessTo(source).filter((name) => withAccessTo(target).includes(name))
      expect(both).toEqual(['open-run', 'reconcile'])
      const seen = [...about('open-run', source), ...about('open-run', target)]
      expect(seen.map((pair) => pair.split(' on ')[0])).toEqual(['s3:ListBucket', 'dynamodb:DescribeTable'])
      expect(about('reconcile', target)).toEqual([`dynamodb:BatchGetItem on dynamodb:::${target}`])
      expect(about('select-batches', target)).toEqual([`dynamodb:DescribeTable on dynamodb:::${target}`])
      expect(about('select-batches', source)).toEqual([])
      expect(about('extract', target)).toEqual([])
      expect(about('load', source)).toEqual([])
      expect([...about('transform', source), ...about('transform', target)]).toEqual([])
    })

    it('tells no function of a place that it may not touch', () => {
      const environments = JSON.stringify(
        Object.values(workflow.Resources)
          .filter(({ Type }) => Type === 'AWS::Lambda::Function')
          .map(({ Properties }) => [Properties['FunctionName'], Properties['Environment']]),
      )
      expect(environments).toMatch(
        /lockgate-dev-extract","?\{"Variables":\{(?:(?!lockgate-dev-[a-z]+",\{)[^])*?"SOURCES"/,
      )
      const extract = Object.values(workflow.Resources).find(
        (r) => r.Properties['FunctionName'] === 'lockgate-dev-extract',
      )
      expect(JSON.stringify(extract?.Properties['Environment'])).not.toContain('TARGETS')
    })
  })

  describe('gates', () => {
    it('lets only four functions write or answer them', () => {
      const writers = Object.keys(grants).filter((name) =>
        about(name, 'table/lockgate-dev-gates').some((p) => p.includes('Put')),
      )
      expect(writers.sort()).toEqual(['act', 'await-decision', 'decide-gate', 'judge'])
      expect(withAccessTo('states:SendTaskSuccess').sort()).toEqual(['await-decision', 'decide-gate'])
    })

    it('lets the function that begins a stage see what was decided, and decide nothing', () => {
      expect(about('begin-stage', 'table/lockgate-dev-gates')).toEqual([
        'dynamodb:GetItem on dynamodb:::table/lockgate-dev-gates',
      ])
    })

    it('lets those who change a gate append to the log, and nobody change or delete an entry', () => {
      const table = 'table/lockgate-dev-log'
      const appenders = withAccessTo(table)
      expect(appenders).toEqual(expect.arrayContaining(['act', 'await-decision', 'decide-gate', 'judge']))
      expect(withAccessTo('kms:Sign')).toEqual(appenders)
      for (const name of appenders) {
        expect(about(name, table).map((pair) => pair.split(' on ')[0])).toEqual([
          'dynamodb:GetItem',
          'dynamodb:PutItem',
          'dynamodb:Query',
        ])
        expect(about(name, '/decision-log/')).toEqual([
          's3:PutObject on s3:::lockgate-dev-evidence-/decision-log/*',
        ])
      }
    })

    it('signs by the digest of an entry, with the one algorithm', () => {
      const signing = [...policies.values()].flat().filter(({ actions }) => actions.includes('kms:Sign'))
      expect(signing.length).toBeGreaterThan(3)
      for (const { actions, conditions } of signing) {
        expect(actions).toEqual(['kms:Sign'])
        expect(conditions).toEqual({
          StringEquals: { 'kms:SigningAlgorithm': ['ECDSA_SHA_256'], 'kms:MessageType': ['DIGEST'] },
        })
      }
    })

    it('lets the function that asks send a stage back whose evidence was altered', () => {
      const table = 'dynamodb:::table/lockgate-dev-checkpoints'
      expect(about('await-decision', 'table/lockgate-dev-checkpoints')).toEqual([
        `dynamodb:GetItem on ${table}`,
        `dynamodb:PutItem on ${table}`,
      ])
    })

    it('opens the page without being able to change a gate, or to answer a run', () => {
      const table = (name: string, ...actions: string[]) =>
        actions.map((action) => `dynamodb:${action} on dynamodb:::table/lockgate-dev-${name}`)
      expect(about('show-gate', 'dynamodb:').sort()).toEqual(
        [
          ...table('gates', 'GetItem'),
          ...table('guesses', 'GetItem', 'UpdateItem'),
          ...table('log', 'GetItem', 'PutItem', 'Query'),
        ].sort(),
      )
      const others = of('show-gate').map((pair) => pair.split(' on ')[0])
      expect(others.filter((action) => /^(states|sns|lambda):/.test(action ?? ''))).toEqual([])
      const written = about('show-gate', 's3:PutObject').map((pair) => /-\/([a-z-]+)\//.exec(pair)?.[1])
      expect(written).toEqual(['decision-log'])
    })

    it('lets only what is behind the approval page count who guesses', () => {
      expect(withAccessTo('table/lockgate-dev-guesses').sort()).toEqual(['decide-gate', 'show-gate'])
    })
  })

  describe('roles', () => {
    it('are one per function, each with its own log group and no managed policy', () => {
      expect(Object.keys(grants).filter((name) => of(name).length === 0)).toEqual([])
      const managed = Object.values({ ...workflow.Resources, ...stateful.Resources })
      expect(managed.filter(({ Properties }) => 'ManagedPolicyArns' in Properties)).toEqual([])
      for (const name of Object.keys(grants)) {
        expect(about(name, 'logs:PutLogEvents')).toEqual([expect.stringContaining(`<${pascalCase(name)}Log`)])
      }
    })

    it('lets each state machine call the functions that it names, and only them', () => {
      const called = (machine: string): string[] =>
        allowed(policies.get(machine))
          .filter((pair) => pair.startsWith('lambda:'))
          .map((pair) => pair.replace(/.*lockgate-dev-/, ''))
      expect(called('MigrateMachine')).toEqual(
        ['act', 'await-decision', 'begin-stage', 'close-run', 'judge', 'open-run'].map((name) => `${name}:*`),
      )
      expect(called('StageMachine')).not.toContain('open-run:*')
      expect(called('WindowMachine')).toEqual(['await-window:*'])
    })
  })

  describe('keys and listings', () => {
    const statements = [...policies.values()].flat()

    it('lets nobody list a bucket but below prefixes that it names', () => {
      const lists = statements.filter(({ actions }) => actions.includes('s3:ListBucket'))
      expect(lists.length).toBeGreaterThan(10)
      for (const { actions, conditions } of lists) {
        expect(actions).toEqual(['s3:ListBucket'])
        expect(Object.keys(conditions)).toEqual(['StringLike'])
        for (const prefix of conditions['StringLike']?.['s3:prefix'] ?? ['missing'])
          expect(prefix).toMatch(/^[a-z-]+\/\*$/)
      }
    })

    it('lets nobody use a key but by way of the service that keeps something under it', () => {
      // Keys that sign entries and hash texts keep nothing, and have no other use.
      const direct = ['kms:Sign', 'kms:GenerateMac']
      const uses = statements.filter(({ actions }) =>
        actions.some((action) => action.startsWith('kms:') && !direct.includes(action)),
      )
      expect(uses.length).toBeGreaterThan(20)
      for (const { actions, conditions } of uses) {
        expect(['kms:Decrypt', 'kms:GenerateDataKey']).toEqual(expect.arrayContaining([...actions]))
        expect(conditions['StringLike']?.['kms:ViaService']).toEqual([
          expect.stringMatching(/^(s3|sns|dynamodb)\.\*\.<AWS::URLSuffix>$/),
        ])
      }
    })

    it('names map runs as Step Functions does', () => {
      expect(about('open-run', 'mapRun')).toEqual([
        'states:DescribeMapRun on states:::mapRun:lockgate-dev-stage/*',
      ])
    })
  })

  /** Why `*` is left: for each action, that it knows no resource. Anything else has to be named. */
  const everything: Readonly<Record<string, string>> = {
    'lambda:GetAccountSettings': 'limits are of the account',
    'xray:PutTraceSegments': 'X-Ray has no resources to write to',
    'xray:PutTelemetryRecords': 'X-Ray has no resources to write to',
    'xray:GetSamplingRules': 'sampling rules are of the account',
    'xray:GetSamplingTargets': 'sampling targets are of the account',
    'logs:CreateLogDelivery':
      'deliveries of logs have no resource in IAM; Step Functions makes them for its log group',
    'logs:GetLogDelivery': 'as above',
    'logs:UpdateLogDelivery': 'as above',
    'logs:DeleteLogDelivery': 'as above',
    'logs:ListLogDeliveries': 'as above',
    'logs:PutResourcePolicy': 'resource policies of CloudWatch Logs are of the account',
    'logs:DescribeResourcePolicies': 'resource policies of CloudWatch Logs are of the account',
    'logs:DescribeLogGroups': 'lists the log groups of the account',
  }

  describe('resources without a name', () => {
    it('are left only where an action knows none', () => {
      const pairs = [...policies.values(), ...rolePolicies(stateful).values()].flatMap(allowed)
      const actions = pairs.filter((pair) => pair.endsWith(' on *')).map((pair) => pair.split(' on ')[0])
      expect([...new Set(actions)].sort()).toEqual(Object.keys(everything).sort())
      expect(pairs.filter((pair) => /^[^ ]*\*/.test(pair))).toEqual([])
    })
  })
}
