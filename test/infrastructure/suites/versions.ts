import { existsSync, readFileSync } from 'node:fs'
import { createHash } from 'node:crypto'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { flat, ofType, type Synthesised } from '../synthesised.ts'

const environment = z.object({ Variables: z.record(z.string(), z.unknown()) })

/** Functions and state machines, their versions, and the code behind them. */
export function versionsSuite({ workflow, folder }: Synthesised): void {
  const functions = ofType(workflow, 'AWS::Lambda::Function')
  const machines = ofType(workflow, 'AWS::StepFunctions::StateMachine')
  const assetOf = (name: string): string => {
    const found = functions.find(
      ([, { Properties }]) => Properties['FunctionName'] === `lockgate-dev-${name}`,
    )
    const { S3Key } = z.object({ S3Key: z.string() }).parse(found?.[1].Properties['Code'])
    return join(folder, `asset.${S3Key.replace(/\.zip$/, '')}`)
  }

  describe('functions', () => {
    it.each(functions)(
      '%s runs Node 24 on Arm, is traced, and has a log group of its own',
      (_id, { Properties }) => {
        expect(Properties).toMatchObject({
          Runtime: 'nodejs24.x',
          Architectures: ['arm64'],
          Handler: 'index.handler',
          TracingConfig: { Mode: 'Active' },
        })
        expect(flat(Properties['LoggingConfig'])).toContain('LogGroup')
      },
    )

    it.each(functions)('%s has a young generation of its own size', (_id, { Properties }) => {
      const { Variables } = environment.parse(Properties['Environment'])
      const old = Math.floor(Number(Properties['MemorySize']) * 0.9)
      expect(Variables['NODE_OPTIONS']).toBe(`--max-semi-space-size=16 --max-old-space-size=${old}`)
    })

    it('gives the steps of a batch fifteen minutes', () => {
      for (const step of ['extract', 'transform', 'load', 'reconcile']) {
        const found = functions.find(
          ([, { Properties }]) => Properties['FunctionName'] === `lockgate-dev-${step}`,
        )
        expect(found?.[1].Properties['Timeout']).toBe(900)
      }
    })

    it('ships one module each, and the artifacts with open-run', () => {
      expect(existsSync(join(assetOf('extract'), 'index.mjs'))).toBe(true)
      expect(existsSync(join(assetOf('extract'), 'artifacts'))).toBe(false)
      const artifact = readFileSync(join(assetOf('open-run'), 'artifacts', 'cities.mjs'))
      const { Variables } = environment.parse(
        functions.find(([, { Properties }]) => Properties['FunctionName'] === 'lockgate-dev-open-run')?.[1]
          .Properties['Environment'],
      )
      expect(JSON.parse(String(Variables['FINGERPRINTS']))).toEqual({
        cities: createHash('sha256').update(artifact).digest('hex'),
      })
    })

    it('keeps its logs for as long as the settings say', () => {
      const days = ofType(workflow, 'AWS::Logs::LogGroup').map(
        ([, { Properties }]) => Properties['RetentionInDays'],
      )
      expect([...new Set(days)]).toEqual([90])
    })
  })

  describe('versions', () => {
    const versions = [
      ...ofType(workflow, 'AWS::Lambda::Version'),
      ...ofType(workflow, 'AWS::StepFunctions::StateMachineVersion'),
    ]

    it.each(versions)('%s stays when a deployment publishes the next', (_id, resource) => {
      expect(resource.DeletionPolicy).toBe('Retain')
      if (resource.Type === 'AWS::StepFunctions::StateMachineVersion') {
        // It is replaced in place when the definition changes; a function's version gets another logical id.
        expect(resource.UpdateReplacePolicy).toBe('Retain')
        expect(flat(resource.Properties['StateMachineRevisionId'])).toMatch(/\.StateMachineRevisionId>$/)
      }
    })

    it.each(machines)('%s names versions only', (_id, { Properties }) => {
      const values = Object.entries(
        z.record(z.string(), z.unknown()).parse(Properties['DefinitionSubstitutions']),
      )
      for (const [name, value] of values) {
        if (name.endsWith('Bucket')) continue
        const referred = /<(\w+)/.exec(flat(value))?.[1] ?? ''
        expect(workflow.Resources[referred]?.Type).toMatch(/Version$/)
      }
      const text = flat(Properties['DefinitionString'])
      const wanted = [...text.matchAll(/\$\{(\w+)\}/g)].map(([, name]) => name)
      expect(values.map(([name]) => name).sort()).toEqual([...new Set(wanted)].sort())
    })
  })

  describe('state machines', () => {
    it.each(machines)('%s is Standard, traced, and logs everything but data', (_id, { Properties }) => {
      expect(Properties).toMatchObject({
        StateMachineType: 'STANDARD',
        TracingConfiguration: { Enabled: true },
        LoggingConfiguration: { Level: 'ALL', IncludeExecutionData: false },
      })
    })
  })
}
