import type { Evidence } from '../evidence.ts'
import { evidenceSections } from '../page/evidence-sections.ts'
import { factsSection } from '../page/facts-section.ts'
import { html } from '../page/html.ts'
import { layout } from '../page/layout.ts'
import { whatHappened } from '../wording/gate-words.ts'

/**
 * The evidence for people, as one file that needs nothing else: no script, nothing loaded, and its own policy that
 * forbids both. It lies beside the evidence with this hash, says the same, and holds no time of its own.
 */
export function stageReport(evidence: Evidence, hash: string): string {
  const { migration, segment, stage } = evidence.summary
  const title = `Stage ${stage} of ${segment}: ${evidence.verdict}`
  return layout({
    title,
    where: `${migration} / ${segment} / ${stage}`,
    main: html`<h1>${title}</h1>
      <p class="lead">${whatHappened(evidence)}</p>
      <div class="sheet">${evidenceSections(evidence)} ${factsSection(hash, evidence)}</div>
      <footer>
        <p>
          This report is made from the evidence, which is what people sign. Who decided what on it, and when,
          is in the decision log of migration ${migration}.
        </p>
      </footer>`,
    holdsPolicy: true,
  })
}
