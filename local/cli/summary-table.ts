import type { StageReport } from './stage-report.ts'

type Column = readonly [title: string, cell: (stage: StageReport) => string | number]

const columns: readonly Column[] = [
  ['segment', ({ segment }) => segment],
  ['stage', ({ stage }) => stage],
  ['verdict', ({ verdict }) => verdict],
  ['extracted', ({ ledger }) => ledger.extracted],
  ['filtered', ({ ledger }) => ledger.filtered],
  ['quarantined', ({ ledger }) => ledger.quarantined],
  ['loaded', ({ ledger }) => ledger.loaded],
  ['unchanged', ({ ledger }) => ledger.unchanged],
  ['conflicted', ({ ledger }) => ledger.conflicted],
  ['missing', ({ reconciliation }) => reconciliation.missing],
  ['different', ({ reconciliation }) => reconciliation.different],
  ['unexpected', ({ reconciliation }) => reconciliation.unexpected],
  ['seconds', ({ seconds }) => seconds.toFixed(1)],
  ['records/s', ({ recordsPerSecond }) => Math.round(recordsPerSecond)],
]

/** One line per stage, under a line of titles; numbers to the right. */
export function summaryTable(stages: readonly StageReport[]): string {
  const rows = stages.map((stage) => columns.map(([, cell]) => text(cell(stage))))
  const titles = columns.map(([title]) => title)
  const widths = titles.map((title, index) =>
    Math.max(title.length, ...rows.map((row) => row[index]?.length ?? 0)),
  )
  return [titles, ...rows]
    .map((row) =>
      row.map((cell, index) =>
        index < 3 ? cell.padEnd(widths[index] ?? 0) : cell.padStart(widths[index] ?? 0),
      ),
    )
    .map((cells) => cells.join('  ').trimEnd())
    .join('\n')
}

const text = (cell: string | number) => (typeof cell === 'number' ? cell.toLocaleString('en') : cell)
