import type { SourceSetting, TargetSetting } from './config.ts'
import { LockgateError } from '../lambdas/shared/contract/errors.ts'
import { peopleOf, requireOneRoleEach, rolesOf, type GateRoles } from '../lambdas/shared/contract/roles.ts'
import type { Settings } from './config.ts'

export interface KeyAttribute {
  readonly name: string
  readonly type: 'S' | 'N' | 'B'
}

/** What the infrastructure has to know of a migration; the app derives it, so that `lib` imports no migration. */
export interface MigrationDescription {
  readonly name: string
  /** The migration's module, from the root of the repository. */
  readonly file: string
  readonly segments: readonly SegmentDescription[]
  /** What decides who may have a say at its gates. */
  readonly gate: GateRoles
  /** The calendar that its stages wait for. */
  readonly calendar?: string
}

export interface SegmentDescription {
  readonly name: string
  readonly source: { readonly at: string; readonly prefix: string }
  readonly target: { readonly at: string; readonly key: readonly [KeyAttribute, KeyAttribute?] }
  readonly hashesPii: boolean
}

/** Whether any field of a migration is classified `pii: 'hash'`, so that it needs the key. */
export function hashesPii(migrations: readonly MigrationDescription[]): boolean {
  return migrations.some(({ segments }) => segments.some((segment) => segment.hashesPii))
}

/** Prefixes that the migrations read, per source. */
export function prefixesBySource(
  migrations: readonly MigrationDescription[],
): ReadonlyMap<string, readonly string[]> {
  const prefixes = new Map<string, string[]>()
  for (const { source } of migrations.flatMap(({ segments }) => segments)) {
    const known = prefixes.get(source.at) ?? []
    if (!known.includes(source.prefix)) prefixes.set(source.at, [...known, source.prefix].sort())
  }
  return prefixes
}

/** The calendars that the migrations wait for. */
export function calendarsOf(migrations: readonly MigrationDescription[]): readonly string[] {
  return [...new Set(migrations.flatMap(({ calendar }) => calendar ?? []))].sort()
}

/** The key of each target that the migrations load. @throws InvalidDefinition when two segments disagree. */
export function keysByTarget(
  migrations: readonly MigrationDescription[],
): ReadonlyMap<string, SegmentDescription['target']['key']> {
  const keys = new Map<string, SegmentDescription['target']['key']>()
  for (const migration of migrations) {
    for (const { name, target } of migration.segments) {
      const known = keys.get(target.at)
      if (known !== undefined && JSON.stringify(known) !== JSON.stringify(target.key)) {
        throw new LockgateError(
          'InvalidDefinition',
          `${migration.file}: segment ${name} gives target ${target.at} another key than an earlier segment does; ` +
            'one table has one key',
        )
      }
      keys.set(target.at, target.key)
    }
  }
  return keys
}

/**
 * @throws ApproverMissing, ApproverInTwoRoles, InvalidSettings when a migration names what the environment does not have,
 * or has twice.
 */
export function requireSettings(migrations: readonly MigrationDescription[], settings: Settings): void {
  for (const migration of migrations) {
    for (const role of rolesOf(migration.gate)) {
      const needed = migration.gate.quorum[role] ?? 1
      const there = peopleOf(role, settings.approvers).length
      if (there >= needed) continue
      throw new LockgateError(
        'ApproverMissing',
        `the gate of ${migration.name} needs ${needed} in role "${role}", and approvers.${role} in cdk.json has ` +
          `${there}; add addresses for environment ${settings.environment}`,
      )
    }
    requireOneRoleEach(migration.gate, settings.approvers)
    for (const { name, source, target } of migration.segments) {
      requirePlace('sources', source.at, settings.sources, `${migration.name}.${name}`)
      requirePlace('targets', target.at, settings.targets, `${migration.name}.${name}`)
    }
    const { calendar } = migration
    if (calendar === undefined || settings.calendars[calendar] !== undefined) continue
    throw new LockgateError(
      'InvalidSettings',
      `${migration.name} waits for calendar "${calendar}", and cdk.json has no calendars.${calendar}; add it, e.g. ` +
        `{ "create": "migrations/${migration.name}/${calendar}.ics" }`,
    )
  }
}

function requirePlace(
  kind: 'sources' | 'targets',
  at: string,
  places: Readonly<Record<string, SourceSetting | TargetSetting>>,
  segment: string,
): void {
  if (places[at] !== undefined) return
  throw new LockgateError(
    'InvalidSettings',
    `segment ${segment} is at "${at}", and cdk.json has no ${kind}.${at}; add it, e.g. { "create": true }`,
  )
}
