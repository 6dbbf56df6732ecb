import { environment } from '../lambdas/shared/contract/environment.ts'
import type { Settings } from './config.ts'
import type { Places } from './grant-statements.ts'
import { sizingOf } from './function-sizing.ts'
import { batchFunctions, type Grants } from './grants.ts'
import { nameIn } from './names.ts'

export interface Told {
  readonly settings: Settings
  readonly places: Places
  readonly approvalUrl: string
  /** By migration. */
  readonly fingerprints: Readonly<Record<string, string>>
}

/** Environment variables of a function: the names of what it may touch, and what the table says it is told. */
export function environmentOf(
  may: Grants,
  { settings, places, approvalUrl, fingerprints }: Told,
): Record<string, string> {
  const told = (name: NonNullable<Grants['told']>[number]): boolean => may.told?.includes(name) ?? false
  const values: Partial<Record<keyof typeof environment, string | false | undefined>> = {
    fingerprints: JSON.stringify(fingerprints),
    checkpointTable: may.checkpoints && places.checkpoints.name,
    gateTable: may.gates && places.gates.name,
    guessTable: may.guesses && places.guesses.name,
    stagingBucket: may.staging && places.staging.name,
    archiveBucket: may.archive && places.archive.name,
    evidenceBucket: (may.evidence ?? may.decisionLog) && places.evidence.name,
    logTable: may.decisionLog && places.log.name,
    logKey: may.decisionLog && places.logKeyArn,
    sources: may.sources && namesOf(places.sources, ({ name }) => ({ bucket: name })),
    calendars: may.calendars && namesOf(places.calendars, (arn) => ({ arn })),
    targets: may.targets && namesOf(places.targets, ({ name }) => ({ table: name })),
    approvers: told('approvers') && JSON.stringify(settings.approvers),
    approvalTopic: may.approvalTopic && places.approvalTopicArn,
    noticeTopic: may.noticeTopic && places.noticeTopicArn,
    approvalUrl: told('approvalUrl') && approvalUrl,
    piiKey: may.hashing && places.piiKeyArn,
    batchFunctions:
      may.limits && JSON.stringify(batchFunctions.map((name) => nameIn(settings.environment, name))),
    functionMemory:
      told('functionMemory') &&
      JSON.stringify(Object.fromEntries(batchFunctions.map((name) => [name, sizingOf(name).memoryMiB]))),
    concurrency: told('concurrency') && String(settings.concurrency),
  }
  const variables: Record<string, string> = {}
  for (const [name, value] of Object.entries(values)) {
    if (typeof value === 'string') variables[environment[name as keyof typeof environment]] = value
  }
  return variables
}

function namesOf<T>(places: ReadonlyMap<string, T>, as: (place: T) => object): string {
  return JSON.stringify(Object.fromEntries([...places].map(([at, place]) => [at, as(place)])))
}
