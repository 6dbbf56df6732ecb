import { join, relative, sep } from 'node:path'
import ts from 'typescript'
import type { DefinitionProblem } from '../../lambdas/shared/domain/definition/check/definition-problem.ts'

/** A mistake with its line in the file that the engineer has open. */
export interface PlacedProblem extends DefinitionProblem {
  readonly line?: number
}

/** The calls whose first argument is what a problem's field is looked up in. */
const callOf = { segment: 'defineSegment', migration: 'defineMigration' } as const

/** The segment and the field, such as `map.country`, that a position in a file belongs to. */
export function fieldAt(file: ts.SourceFile, position: number): Pick<DefinitionProblem, 'segment' | 'field'> {
  const names: string[] = []
  let node: ts.Node | undefined = innermost(file, position)
  while (node !== undefined && optionsOf(node) === undefined) {
    if (ts.isPropertyAssignment(node) || ts.isShorthandPropertyAssignment(node))
      names.unshift(nameOf(node.name))
    node = node.parent
  }
  const segment = node === undefined ? undefined : segmentNameOf(node)
  return {
    ...(segment !== undefined && { segment }),
    ...(node !== undefined && names.length > 0 && { field: names.join('.') }),
  }
}

/** Adds file and line to a problem, as near to its field as the text of the definition shows. */
export function placed(
  problem: DefinitionProblem,
  files: readonly ts.SourceFile[],
  root: string,
): PlacedProblem {
  for (const file of files) {
    const call = descendants(file).find((node) => isCallOf(node, problem.segment))
    const options = call && optionsOf(call)
    if (options === undefined) continue
    const node = (problem.field?.split('.') ?? []).reduce(stepInto, { at: options, found: true }).at
    const line = file.getLineAndCharacterOfPosition(node.getStart(file)).line + 1
    return { ...problem, file: relativePath(root, file), line }
  }
  return problem
}

export const relativePath = (root: string, file: ts.SourceFile): string =>
  relative(root, join(file.fileName)).split(sep).join('/')

interface Step {
  readonly at: ts.Node
  readonly found: boolean
}

/** The node of an option below another one; where there is none, the search stays where it is. */
function stepInto({ at, found }: Step, name: string): Step {
  if (!found) return { at, found }
  const value = ts.isPropertyAssignment(at) ? at.initializer : at
  const inside = ts.isCallExpression(value) ? value.arguments[0] : value
  const next =
    inside === undefined
      ? undefined
      : ts.isArrayLiteralExpression(inside)
        ? inside.elements[Number(name)]
        : ts.isObjectLiteralExpression(inside)
          ? inside.properties.find(
              (property) => property.name !== undefined && nameOf(property.name) === name,
            )
          : undefined
  return next === undefined ? { at, found: false } : { at: next, found: true }
}

function isCallOf(node: ts.Node, segment: string | undefined): boolean {
  if (optionsOf(node) === undefined) return false
  const isSegment = calledName(node) === callOf.segment
  return segment === undefined ? !isSegment : isSegment && segmentNameOf(node) === segment
}

function optionsOf(node: ts.Node): ts.ObjectLiteralExpression | undefined {
  if (!ts.isCallExpression(node)) return undefined
  const [options] = node.arguments
  const known: readonly string[] = Object.values(callOf)
  if (options === undefined || !ts.isObjectLiteralExpression(options)) return undefined
  return known.includes(calledName(node) ?? '') ? options : undefined
}

const calledName = (node: ts.Node): string | undefined =>
  ts.isCallExpression(node) && ts.isIdentifier(node.expression) ? node.expression.text : undefined

function segmentNameOf(node: ts.Node): string | undefined {
  if (calledName(node) !== callOf.segment) return undefined
  const name = optionsOf(node)?.properties.find(
    (property) => property.name && nameOf(property.name) === 'name',
  )
  return name && ts.isPropertyAssignment(name) && ts.isStringLiteral(name.initializer)
    ? name.initializer.text
    : undefined
}

const nameOf = (name: ts.PropertyName): string =>
  ts.isStringLiteral(name) || ts.isIdentifier(name) ? name.text : name.getText()

function descendants(node: ts.Node): ts.Node[] {
  const children: ts.Node[] = []
  node.forEachChild((child) => void children.push(child))
  return children.flatMap((child) => [child, ...descendants(child)])
}

function innermost(node: ts.Node, position: number): ts.Node {
  const child = node.forEachChild((one) =>
    one.getFullStart() <= position && position < one.getEnd() ? one : undefined,
  )
  return child === undefined ? node : innermost(child, position)
}
