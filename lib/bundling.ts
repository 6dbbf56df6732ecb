import { existsSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { buildSync, type BuildOptions } from 'esbuild'

/**
 * What all bundles share. Nothing of the machine may show in them, so that two checkouts make the same bytes
 * and a deployment without a change changes nothing: paths are relative to `root`, and there is no source map.
 */
export function bundleOptions(root: string) {
  return {
    absWorkingDir: root,
    bundle: true,
    platform: 'node',
    target: 'node24',
    format: 'esm',
    charset: 'utf8',
    legalComments: 'none',
    logLevel: 'warning',
    minifySyntax: true,
    minifyWhitespace: true,
    sourcemap: false,
    treeShaking: true,
    // The SDK's packages have their tree-shakable form under `module`.
    mainFields: ['module', 'main'],
    tsconfigRaw: {},
  } as const satisfies BuildOptions
}

// Bundled CommonJS code calls `require` for Node's own modules, and a module has none.
const requireBanner =
  "import{createRequire as lockgateRequire}from'node:module';const require=lockgateRequire(import.meta.url);"

/** Names of the functions: the folders of `lambdas` that have a handler. */
export function functionFolders(root: string): string[] {
  return readdirSync(join(root, 'lambdas'), { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && existsSync(join(root, 'lambdas', entry.name, 'handler.ts')))
    .map(({ name }) => name)
    .sort()
}

/**
 * Bundles every function into `<out>/<function>/index.mjs`, all in one call: what they share is parsed once.
 * @throws what esbuild reports, with file and line.
 */
export function bundleFunctions(root: string, out: string, functions: readonly string[]): void {
  rmSync(out, { recursive: true, force: true })
  buildSync({
    ...bundleOptions(root),
    entryPoints: Object.fromEntries(
      functions.map((name) => [`${name}/index`, join('lambdas', name, 'handler.ts')]),
    ),
    outdir: out,
    outExtension: { '.js': '.mjs' },
    alias: { 'cls-hooked/context': './lambdas/shared/handler/trace-context.ts' },
    banner: { js: requireBanner },
  })
}
