import { peopleOf, rolesOf } from '../../lambdas/shared/contract/roles.ts'
import { decisions } from '../../lambdas/shared/contract/stages.ts'
import type { Migration } from '../../lambdas/shared/domain/definition/migration.ts'
import { consequences, decisionTitles } from '../../lambdas/shared/domain/wording/gate-words.ts'
import { plural } from '../../lambdas/shared/domain/wording/figures.ts'
import type { Settings } from '../../lib/config.ts'
import { enumerated, escaped, list, section, spanText, table } from './markdown.ts'

/** Who signs what. */
export function gatesSection({ gate }: Migration, { approvers }: Settings): string {
  const needed = (role: string) => {
    const count = gate.quorum[role]
    return count === undefined ? 'not part of the quorum' : `${plural(count, 'person', 'people')} needed`
  }
  const may = (role: string) => [
    ...(role in gate.quorum ? ['approve'] : []),
    ...(role === gate.override ? ['override'] : []),
    ...(role === gate.escalation?.to
      ? [`fill a missing place of any role after ${spanText(gate.escalation.after)}`]
      : []),
    'send back for repair, roll back, hold',
  ]
  return section(
    'Gates: who signs what',
    'Every stage of every segment ends at a gate. Each person gets a mail with a link of their own, reads the evidence ' +
      'and decides once; what is signed is the SHA-256 of the evidence.',
    table(
      ['role', 'quorum', 'people', 'may'],
      rolesOf(gate).map((role) => [
        escaped(role),
        needed(role),
        enumerated(peopleOf(role, approvers).map(escaped), '**nobody: add addresses to cdk.json**'),
        may(role).join('; '),
      ]),
    ),
    list([
      'The quorum counts distinct people. Nobody is in two roles.',
      gate.fourEyes
        ? 'Four eyes: somebody other than who started the run has to be among those who approve; the starter alone cannot override either.'
        : 'Four eyes are switched off: who started the run may complete the quorum alone.',
      gate.override === undefined
        ? 'Nobody can override: a stage whose verdict is not pass does not pass.'
        : `Override: ${escaped(gate.override)} alone may let a stage pass, also where its verdict is not pass, with a reason.`,
      'One repair, rollback or hold, by anybody of these roles, closes the gate at once.',
      'If the evidence changes while a gate is open, approvals of the earlier evidence lapse, and the gate asks again.',
    ]),
  )
}

/** What comes of each button on the page. */
export function decisionsSection(): string {
  const does = consequences({ segment: '<segment>', stage: '<stage>', verdict: 'pass' })
  return section(
    'What each decision does',
    table(
      ['decision', 'what happens'],
      decisions.map((decision) => [`**${decisionTitles[decision]}**`, escaped(does[decision])]),
    ),
  )
}
