import { join } from 'node:path'
import ts from 'typescript'
import { fieldAt, relativePath, type PlacedProblem } from './definition-source.ts'

export interface Compiled {
  /** What the compiler has to say about the files of the migrations. */
  readonly problems: readonly PlacedProblem[]
  /** The source files of one migration. */
  filesOf(migration: string): readonly ts.SourceFile[]
}

/** Compiles the migrations folder with the project's own settings, and writes nothing. */
export function compileMigrations(root: string): Compiled {
  const folder = join(root, 'migrations')
  const { config } = ts.readConfigFile(join(root, 'tsconfig.json'), (path) => ts.sys.readFile(path)) as {
    config: unknown
  }
  const { options } = ts.parseJsonConfigFileContent(config, ts.sys, root)
  const names = ts.sys.readDirectory(folder, ['.ts'])
  const program = ts.createProgram(names, { ...options, noEmit: true })
  const files = names.flatMap((name) => program.getSourceFile(name) ?? [])
  const problems = files.flatMap((file) =>
    [...program.getSyntacticDiagnostics(file), ...program.getSemanticDiagnostics(file)].map((diagnostic) =>
      problemOf(diagnostic, file, root),
    ),
  )
  return {
    problems,
    filesOf: (migration) =>
      files.filter((file) => relativePath(root, file).startsWith(`migrations/${migration}/`)),
  }
}

function problemOf(
  { start = 0, messageText, code }: ts.Diagnostic,
  file: ts.SourceFile,
  root: string,
): PlacedProblem {
  return {
    file: relativePath(root, file),
    line: file.getLineAndCharacterOfPosition(start).line + 1,
    ...fieldAt(file, start),
    message: `${ts.flattenDiagnosticMessageText(messageText, '\n  ')} (TS${code})`,
  }
}
