import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { metricNames, metricNamespace } from '../../../lambdas/shared/contract/metrics.ts'
import { flat, ofType, root, type Synthesised } from '../synthesised.ts'

/** What is watched, and what is shown. */
export function alarmsSuite({ workflow }: Synthesised): void {
  const alarms = ofType(workflow, 'AWS::CloudWatch::Alarm')

  describe('alarms', () => {
    it('are for a failed run, a gate that waits or cannot ask, and too much quarantine', () => {
      expect(alarms.map(([, { Properties }]) => Properties['AlarmName']).sort()).toEqual([
        'lockgate-dev-approver-not-asked',
        'lockgate-dev-failed-run',
        'lockgate-dev-gate-waiting',
        'lockgate-dev-quarantine-over-limit',
      ])
    })

    it.each(alarms)('%s tells the operators, and where the runbook is', (_id, { Properties }) => {
      expect(flat(Properties['AlarmActions'])).toContain('MailNotices')
      const anchor = /docs\/runbook\.md#([a-z-]+)$/.exec(String(Properties['AlarmDescription']))?.[1]
      expect(Properties['AlarmName']).toBe(`lockgate-dev-${anchor}`)
      expect(headings()).toContain(anchor)
    })

    it('watches metrics that the functions count', () => {
      const watched = [...JSON.stringify(alarms).matchAll(/SELECT \w+\((\w+)\) FROM (\w+)/g)]
      expect(watched.length).toBe(3)
      for (const [, name = '', namespace] of watched) {
        expect(Object.keys(metricNames)).toContain(name)
        expect(namespace).toBe(metricNamespace)
      }
    })

    it('lets alarms publish to the encrypted topic', () => {
      const policies = JSON.stringify(ofType(workflow, 'AWS::SNS::TopicPolicy'))
      expect(policies).toContain('"Principal":{"Service":"cloudwatch.amazonaws.com"}')
    })
  })

  describe('the dashboard', () => {
    const body = flat(ofType(workflow, 'AWS::CloudWatch::Dashboard')[0]?.[1].Properties['DashboardBody'])

    it.each([
      'Progress by stage',
      'Records per second',
      'Ledger',
      'Errors of functions',
      'Duration of functions',
      'Throttles',
    ])('shows: %s', (title) => {
      expect(body).toContain(`"title":"${title}`)
    })
  })
}

/** Anchors of the runbook's sections. */
function headings(): string[] {
  const text = readFileSync(join(root, 'docs/runbook.md'), 'utf8')
  return [...text.matchAll(/^#+ (.+)$/gm)].map(([, title = '']) => title.toLowerCase().replaceAll(' ', '-'))
}
