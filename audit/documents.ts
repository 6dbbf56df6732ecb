import type { SignedEntry } from '../lambdas/shared/domain/decision-log/entry.ts'
import { momentText } from '../lambdas/shared/domain/decision-log/moment.ts'
import type { Audited } from './audit.ts'
import { keyFile } from './write-log.ts'

export interface About {
  readonly chain: string
  readonly environment: string
  readonly at: string
}

/** What was found, for people. */
export function findingsDocument({ chain, environment, at }: About, audited: Audited): string {
  const { findings, notes, head } = audited
  const verdict =
    findings.length === 0
      ? 'Everything agrees: the chain, its signatures, its copies, the evidence, the gates.'
      : `**${findings.length} ${findings.length === 1 ? 'finding' : 'findings'}.** Keep this folder, and see the runbook, "The audit finds something".`
  const rows = findings.map(({ kind, side, entry, message }) => row([kind, side, entry ?? '', message]))
  return [
    `# Audit of the decision log of ${chain}`,
    '',
    `Environment ${environment}, ${at}. ${head.length} entries, the last ${head.hash}.`,
    '',
    verdict,
    ...(rows.length > 0 ? ['', '| what | where | entry | |', '| --- | --- | --- | --- |', ...rows] : []),
    ...(notes.length > 0 ? ['', '## To know', '', ...notes.map((note) => `- ${plain(note)}`)] : []),
    '',
  ].join('\n')
}

/** The log as a table. */
export function logDocument({ chain }: About, entries: readonly SignedEntry[]): string {
  const rows = entries.map(({ entry: { sequence, event }, hash }) => {
    const { at, kind, segment = '', stage = '', actor, role, reason, evidence = '' } = event
    const where = [segment, stage].filter((part) => part !== '').join(' / ')
    const time = momentText(at)
    return row([
      sequence,
      time,
      kind,
      where,
      `${actor} (${role})`,
      reason,
      evidence.slice(0, 12),
      hash.slice(0, 12),
    ])
  })
  return [
    `# Decision log of ${chain}`,
    '',
    'Hashes are cut to twelve digits; `log.jsonl` has them whole.',
    '',
    '| entry | time (UTC) | what | segment / stage | who | reason | evidence | hash |',
    '| --- | --- | --- | --- | --- | --- | --- | --- |',
    ...rows,
    '',
  ].join('\n')
}

/** How somebody verifies the pack who does not have Lockgate, nor trusts it. */
export function readmeDocument({ chain, environment, at }: About, keys: readonly string[]): string {
  const [key = ''] = keys
  return `# Audit pack of ${chain}

Made from environment ${environment} at ${at}. \`findings.md\` says what was found, \`log/log.md\` is the log to read.

| file | what it is |
| --- | --- |
| \`log/log.jsonl\` | every entry with its hash and signature, one a line |
| \`log/entries/<number>.json\`, \`.sig\` | the very text that was signed (RFC 8785), and its signature (ECDSA P-256, DER) |
| \`log/table.jsonl\` | the entries as the log table has them |
| \`decision-log/…\` | the copies of the entries, as they lie under Object Lock |
| \`evidence/…\` | the evidence that people decided on: its SHA-256 is its name; beside it the report for people |
| \`artifacts/…\` | the compiled definitions: the SHA-256 of each is its name, the fingerprint |
| \`keys/…\` | public keys of the log |
| \`added/…\`, \`others/…\` | what was found under a name that Lockgate does not give; \`findings.md\` says which is which |
| \`SHA256SUMS\` | of every file here |

## Verify it yourself

That nothing in this folder has changed since:

    sha256sum --check SHA256SUMS

That an entry was signed by the key (take the key from KMS yourself, by \`aws kms get-public-key\`, rather than trust the
one here):

    openssl dgst -sha256 -verify ${keyFile(key)} -signature log/entries/000000000001.sig log/entries/000000000001.json

All of them:

    for entry in log/entries/*.json; do
      openssl dgst -sha256 -verify ${keyFile(key)} -signature "\${entry%.json}.sig" "$entry" || echo "$entry"
    done

That each follows the one before: \`previous\` in an entry is the SHA-256 of the file of the entry before; in the first
it is 64 zeros.

    sha256sum log/entries/*.json

That the table and the copies say the same:

    cat decision-log/${chain}/*.json | diff - <(tr -d '\\n' < log/table.jsonl) && echo the same

That a document is the one that was decided on: \`evidence\` in an entry is its SHA-256, and so is its name.

    sha256sum evidence/*/*/*/*/*.json

That the end was not cut off: each mail to an approver says how long the log was, and its last hash.

Keys: ${keys.join(', ')}
`
}

/** Texts of people stand in tables of Markdown: nothing in them may be more than text. */
const plain = (value: string | number) =>
  String(value)
    .replaceAll(/[\\\`*_{}[\]<>()#+!|&~]/g, (character) => `&#${character.codePointAt(0) ?? 0};`)
    .replaceAll('\n', '<br>')

const row = (cells: readonly (string | number)[]) => `| ${cells.map(plain).join(' | ')} |`
