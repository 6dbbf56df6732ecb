import { z } from 'zod'
import { LockgateError } from '../lambdas/shared/contract/errors.ts'

const placeName = z
  .string()
  .regex(/^[A-Za-z][A-Za-z0-9]*$/, 'a name of letters and digits, e.g. legacyExport')
const keyArn = z.string().startsWith('arn:').optional()
const created = z.strictObject({ create: z.literal(true) })
const address = z.email()
/** A number, or its text: `-c name=value` on the command line gives every value as text. */
const number = (least: number, most = Number.MAX_SAFE_INTEGER) =>
  z
    .union(
      [
        z.number(),
        z
          .string()
          .regex(/^\d+(\.\d+)?$/)
          .transform(Number),
      ],
      { error: 'a number' },
    )
    .pipe(z.number().min(least).max(most))
const whole = (least: number, most?: number) => number(least, most).pipe(z.int())

const source = z.union([created, z.strictObject({ bucket: z.string().min(3), keyArn })], {
  error: 'either { "create": true } or { "bucket": "<name>", "keyArn": "<when it is encrypted with a key>" }',
})
const target = z.union([created, z.strictObject({ table: z.string().min(3), keyArn })], {
  error: 'either { "create": true } or { "table": "<name>", "keyArn": "<when it is encrypted with a key>" }',
})

/**
 * Object Lock of evidence and decision log: under `GOVERNANCE` a role with `s3:BypassGovernanceRetention` can still delete,
 * under `COMPLIANCE` nobody can, not even the root user of the account, until the days are over.
 */
const retention = z.strictObject({ mode: z.enum(['GOVERNANCE', 'COMPLIANCE']), days: whole(1, 36_500) })

const documentName = '[a-zA-Z0-9_.-]{3,128}'
const calendar = z.union(
  [
    z.strictObject({
      create: z
        .string()
        .regex(/^migrations\/.+\.ics$/, 'the path of an iCalendar file: "migrations/<migration>/<name>.ics"'),
    }),
    z.strictObject({
      name: z
        .string()
        .regex(new RegExp(`^${documentName}$`), 'the name of a Change Calendar of this account'),
    }),
    z.strictObject({
      arn: z
        .string()
        .regex(
          new RegExp(`^arn:[^:]+:ssm:[^:]+:\\d{12}:document/${documentName}$`),
          'the ARN of a Change Calendar: "arn:aws:ssm:<region>:<account>:document/<name>"',
        ),
    }),
  ],
  {
    error:
      'either { "create": "migrations/<migration>/<name>.ics" }, or { "name": "<of a Change Calendar of this account>" }, ' +
      'or { "arn": "<of a shared one>" }',
  },
)

const settings = z.strictObject({
  /** In the name of everything; lower case, so that it fits into the names of stacks and functions. */
  environment: z.string().regex(/^[a-z][a-z0-9]{0,11}$/, 'up to twelve lower-case letters and digits'),
  /** People who decide at gates, by role. */
  approvers: z.record(z.string().regex(/^[a-z][a-z-]*$/), z.array(address).min(1)),
  /** People who are told what fails. */
  operators: z.array(address).min(1),
  sources: z.record(placeName, source),
  targets: z.record(placeName, target),
  /** Change Calendars that migrations may wait for. */
  calendars: z.record(placeName, calendar),
  /** Batches at once, where the input of a run says nothing. */
  concurrency: whole(1, 1000),
  /** Days after which staged data expire. A rollout that takes longer extracts again, and loses nothing else. */
  stagingExpiryDays: whole(1),
  /** How evidence and decision log are locked. Nothing shortens it for what is there already. */
  retention,
  /** Hours after which a gate that nobody decides raises an alarm; looked at each time the gate asks again. */
  gateWaitingHours: number(0.1),
  /** Records in quarantine within one hour beyond which an alarm is raised. */
  quarantineLimit: whole(0),
  /** Days for which the logs of functions, state machines and the approval page are kept. */
  logRetentionDays: whole(1),
  /** Raise it to make a new key for `pii: 'hash'`; the old one stays, and fingerprints change. */
  piiKeyVersion: whole(1),
})

/** What `cdk.json` says, for one environment. */
export type Settings = z.infer<typeof settings>
export type SourceSetting = z.infer<typeof source>
export type TargetSetting = z.infer<typeof target>
export type CalendarSetting = z.infer<typeof calendar>

const overrides = z.record(z.string(), settings.omit({ environment: true }).partial())

/**
 * Reads the settings from the context: the top level is for all environments, and what stands under
 * `environments.<name>` replaces it there, setting by setting. @throws InvalidSettings.
 */
export function readSettings(context: (key: string) => unknown): Settings {
  const given: Record<string, unknown> = {}
  for (const key of Object.keys(settings.shape)) given[key] = context(key)
  const special = overrides.safeParse(context('environments') ?? {})
  if (!special.success) throw refusal(special.error, ['environments'])
  const all = special.data
  const name = String(given['environment'])
  const own = all[name]
  if (own === undefined && Object.keys(all).length > 0) {
    const known = Object.keys(all).join(', ')
    throw new LockgateError(
      'InvalidSettings',
      `cdk.json: environments has no "${name}", only ${known}; add it, or choose one with -c environment=<name>`,
    )
  }
  const result = settings.safeParse({ ...given, ...own })
  if (result.success) return result.data
  throw refusal(result.error, [])
}

function refusal(error: z.ZodError, at: readonly string[]): LockgateError {
  const problems = error.issues.map(
    (issue) => `  ${[...at, ...issue.path.map(String)].join('.') || 'context'}: ${issue.message}`,
  )
  return new LockgateError(
    'InvalidSettings',
    `cdk.json: correct these keys of "context", or of its "environments":\n${problems.join('\n')}`,
    { cause: error },
  )
}
