/**
 * `npm run boundaries`: dependency-cruiser over all sources. It also fails when the tool saw fewer modules
 * than there are source files: a tool that parses nothing finds no violation either.
 */
import { existsSync, globSync } from 'node:fs'
import { cruise, type ICruiseResult } from 'dependency-cruiser'
import extractDepcruiseOptions from 'dependency-cruiser/config-utl/extract-depcruise-options'
import extractTsConfig from 'dependency-cruiser/config-utl/extract-ts-config'

const folders = ['audit', 'bin', 'lib', 'lambdas', 'migrations', 'local', 'bench'].filter((folder) =>
  existsSync(folder),
)
const options = await extractDepcruiseOptions('./.dependency-cruiser.cjs')
const { output } = await cruise(folders, { ...options, validate: true }, undefined, {
  tsConfig: extractTsConfig('./tsconfig.json'),
})
const { modules, summary } = output as ICruiseResult

for (const { rule, from, to } of summary.violations) console.error(`${rule.name}: ${from} -> ${to}`)
const seen = new Set(modules.map(({ source }) => source))
const sources = globSync(folders.map((folder) => `${folder}/**/*.ts`))
const unseen = sources.filter((source) => !seen.has(source))
for (const source of unseen) console.error(`not seen: ${source}`)
console.log(`${seen.size} modules, ${sources.length} source files, ${summary.violations.length} violations`)
process.exitCode = summary.violations.length + unseen.length > 0 ? 1 : 0
