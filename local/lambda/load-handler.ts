import { existsSync } from 'node:fs'
import { registerHooks } from 'node:module'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'

export type Handler = (event: unknown, context: unknown) => unknown

class RuntimeError extends Error {
  constructor(name: string, message: string, options?: ErrorOptions) {
    super(message, options)
    this.name = `Runtime.${name}`
  }
}

/** Imports the bundle of a function. Throws the named errors with which Lambda's Node runtime fails to start. */
export async function loadHandler(codeDirectory: string, handler: string): Promise<Handler> {
  const dot = handler.lastIndexOf('.')
  if (dot <= 0) throw new RuntimeError('MalformedHandlerName', 'Bad handler')
  const base = join(codeDirectory, handler.slice(0, dot))
  const file = ['.mjs', '.js', '.cjs'].map((ending) => base + ending).find((path) => existsSync(path))
  if (file === undefined) {
    const module = handler.slice(0, dot)
    throw new RuntimeError('ImportModuleError', `Error: Cannot find module '${module}'`)
  }
  if (file.endsWith('.js') && !existsSync(join(codeDirectory, 'package.json'))) readAsCommonJs(codeDirectory)
  const module = await importModule(file)
  const name = handler.slice(dot + 1)
  const found = module[name] ?? (module['default'] as Record<string, unknown> | undefined)?.[name]
  if (typeof found !== 'function') {
    const detail = found === undefined ? 'is undefined or not exported' : 'is not a function'
    throw new RuntimeError(
      found === undefined ? 'HandlerNotFound' : 'HandlerNotFunction',
      `${handler} ${detail}`,
    )
  }
  return found as Handler
}

/**
 * On Lambda the bundle lies in /var/task with no package.json above it. Here it lies in the project, whose
 * package.json says that a `.js` file is an ES module: that must not change what the bundle is.
 */
function readAsCommonJs(codeDirectory: string): void {
  const root = pathToFileURL(codeDirectory).href
  registerHooks({
    load: (url, context, next) =>
      next(url, url.startsWith(root) && url.endsWith('.js') ? { ...context, format: 'commonjs' } : context),
  })
}

async function importModule(file: string): Promise<Record<string, unknown>> {
  try {
    return (await import(pathToFileURL(file).href)) as Record<string, unknown>
  } catch (error) {
    if (error instanceof SyntaxError) {
      throw new RuntimeError('UserCodeSyntaxError', `SyntaxError: ${error.message}`, { cause: error })
    }
    const code = (error as { code?: unknown }).code
    if (code === 'ERR_MODULE_NOT_FOUND' || code === 'MODULE_NOT_FOUND') {
      throw new RuntimeError('ImportModuleError', `Error: ${(error as Error).message}`, { cause: error })
    }
    throw error
  }
}
