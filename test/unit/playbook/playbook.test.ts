import { describe, expect, test } from 'vitest'
import { decisions } from '../../../lambdas/shared/contract/stages.ts'
import { isJudgedAt } from '../../../lambdas/shared/domain/criteria/stage-facts.ts'
import { criterionList, figureOf } from '../../../lambdas/shared/domain/definition/criterion-list.ts'
import { defineMigration, type Migration } from '../../../lambdas/shared/domain/definition/migration.ts'
import { criteriaOf } from '../../../lambdas/shared/domain/definition/stage.ts'
import { figureTitle } from '../../../lambdas/shared/domain/wording/figures.ts'
import { decisionTitles } from '../../../lambdas/shared/domain/wording/gate-words.ts'
import { readSettings, type Settings } from '../../../lib/config.ts'
import { playbook } from '../../../local/playbook/playbook.ts'
import cities from '../../../migrations/cities/migration.ts'
import { context } from '../../infrastructure/synthesised.ts'
import { things, valid, withSegment } from '../definition/valid-migration.ts'

const settings: Settings = readSettings((key) => context()[key])
const written = (migration: Migration, more: Partial<Settings> = {}) =>
  playbook(migration, { ...settings, ...more })

/** What is under a title, up to the next of the same kind. */
function under(text: string, title: string): string {
  const after = text.split(`\n## ${title}\n`)[1]
  if (after === undefined) throw new Error(`there is no section ${title}`)
  return after.split('\n## ')[0] ?? ''
}

const rows = (text: string) => text.split('\n').filter((line) => line.startsWith('|'))
const cells = (row: string) => row.split(/(?<!\\)\|/).length

describe('the playbook of the demo', () => {
  const text = written(cities)

  test('is the same for the same definition and settings', () => {
    expect(written(cities)).toBe(text)
    expect(text).not.toMatch(/undefined|\[object|NaN/)
  })

  test('names every segment, its owner, and what it depends on', () => {
    const own = rows(under(text, 'Segments and owners'))
    for (const { name, owner, dependsOn, filter } of cities.segments) {
      const row = own.find((line) => line.startsWith(`| ${name} |`))
      for (const wanted of [owner, ...dependsOn, ...Object.keys(filter)]) expect(row).toContain(wanted)
    }
  })

  test('has every stage, with each criterion that it is judged by', () => {
    for (const segment of cities.segments) {
      const part = under(text, 'Stages and criteria').split(`### ${segment.name}\n`)[1] ?? ''
      const own = rows(part.split('### ')[0] ?? '')
      for (const stage of segment.stages) {
        expect(own.some((row) => row.startsWith(`| ${stage.id} |`))).toBe(true)
        for (const criterion of criterionList(criteriaOf(segment, stage))) {
          const title = `| ${figureTitle(figureOf(criterion))} |`
          const judged = own
            .filter((row) => row.startsWith(title))
            .some((row) => stagesOf(row).includes(stage.id))
          expect([title, stage.id, judged]).toEqual([title, stage.id, isJudgedAt(criterion.name, stage.kind)])
        }
      }
    }
  })

  test('has every role with its people, and every decision', () => {
    const gates = under(text, 'Gates: who signs what')
    for (const role of [...Object.keys(cities.gate.quorum), cities.gate.override ?? 'none']) {
      const row = rows(gates).find((line) => line.startsWith(`| ${role} |`))
      for (const address of settings.approvers[role] ?? ['nobody']) expect(row).toContain(address)
    }
    for (const decision of decisions)
      expect(under(text, 'What each decision does')).toContain(`**${decisionTitles[decision]}**`)
    for (const address of settings.operators) expect(under(text, 'Contacts')).toContain(address)
  })

  test('draws each stage and each gate once', () => {
    const diagram = under(text, 'The flow')
    const stages = cities.segments.flatMap(({ name, stages }) => stages.map(({ id }) => `"${name}: ${id}"`))
    for (const stage of stages) expect(diagram.split(stage)).toHaveLength(2)
    expect(diagram.split('{"Gate"}')).toHaveLength(stages.length + 1)
  })
})

const stagesOf = (row: string) => (row.split('|').at(-2) ?? '').trim().split(', ')

describe('the policy', () => {
  const withGate = (gate: Partial<Migration['gate']>) => ({ ...valid, gate: { ...valid.gate, ...gate } })

  test('says who may override, or that nobody may', () => {
    expect(written(valid)).toContain('Nobody can override')
    expect(written(withGate({ override: 'owner' }))).toContain('Override: owner alone')
  })

  test('says whether four eyes are wanted, what expiry leads to, and who is asked later', () => {
    expect(written(valid)).toContain('Four eyes: somebody other')
    const text = written(
      withGate({ fourEyes: false, onExpiry: 'repair', escalation: { after: '1 days', to: 'owner' } }),
    )
    expect(text).toContain('Four eyes are switched off')
    expect(text).toContain('| a gate is open for 3 days | it closes: send back for repair |')
    expect(text).toContain('| a gate is open for 1 day | people of role owner are asked as well |')
  })

  test('says loudly that a role has nobody', () => {
    expect(written(valid, { approvers: {} })).toContain(
      '| steward | 1 person needed | **nobody: add addresses',
    )
  })
})

describe('the calendar', () => {
  const waiting = defineMigration({ ...valid, calendar: { at: 'hours', stages: ['pilot', 'full'] } })

  test('is named with its place and the stages that wait', () => {
    const calendars = { hours: { create: 'migrations/warehouse/hours.ics' } }
    const part = under(written(waiting, { calendars }), 'Calendar')
    expect(part).toContain('Calendar hours: made from migrations/warehouse/hours.ics.')
    expect(part).toContain('These stages wait for it: pilot, full.')
    expect(under(written(waiting), 'Calendar')).toContain('**not in cdk.json**')
    expect(under(written(valid), 'Calendar')).toContain('names no calendar')
  })

  test('marks those stages in the diagram and in the tables', () => {
    const text = written(waiting)
    expect(under(text, 'The flow')).toMatch(/^ {2}class s\d+(,s\d+){3} waits$/m)
    expect(rows(text).filter((row) => row.endsWith('| hours |'))).toHaveLength(4)
    expect(text).toContain('| the calendar is closed before a stage |')
  })
})

test('text of people is text: no table, list, link or diagram is broken by it', () => {
  const odd = 'a|b `c` [d](e) <img src=x> *f*\n## g\\ $h$ "i"]'
  const text = written(
    { ...withSegment({ owner: odd, filter: { [odd]: () => true } }), name: valid.name },
    {
      operators: [odd],
      approvers: { steward: [odd] },
    },
  )
  for (const block of text.split('\n\n')) {
    const counts = new Set(rows(block).map(cells))
    expect(counts.size).toBeLessThanOrEqual(1)
  }
  expect(text).not.toMatch(/^## g/m)
  expect(text).toContain('a\\|b \\`c\\` \\[d\\](e) \\<img src=x\\> \\*f\\* ## g\\\\ \\$h\\$ "i"\\]')
  const diagram = under(written(withSegment({ name: 'x"]; click x "y' })), 'The flow')
  expect(diagram).not.toContain('click x "')
  expect(diagram).toContain('x#34;#93;#59; click x #34;y: rehearse')
  expect(things.owner).toBe('tests')
})
