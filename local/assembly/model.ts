/** What a synthesised CDK application (`cdk.out`) asks for, with every intrinsic function resolved. */
export interface Assembly {
  readonly functions: readonly FunctionModel[]
  readonly stateMachines: readonly StateMachineModel[]
  readonly roles: readonly RoleModel[]
  readonly tables: readonly TableModel[]
  readonly buckets: readonly BucketModel[]
  readonly topics: readonly TopicModel[]
  readonly httpApis: readonly HttpApiModel[]
  readonly rules: readonly RuleModel[]
  readonly keys: readonly KeyModel[]
  readonly calendars: readonly CalendarModel[]
  /** Stack outputs by `<stack>.<output>`. */
  readonly outputs: Readonly<Record<string, string>>
}

export interface FunctionModel {
  readonly name: string
  /** Unqualified ARN. */
  readonly arn: string
  /** ARN of the version that this synthesis publishes (`<arn>:<number>`), where it publishes one. */
  readonly versionArn?: string
  readonly codeDirectory: string
  /** `index.handler` */
  readonly handler: string
  readonly environment: Readonly<Record<string, string>>
  readonly timeoutSeconds: number
  readonly memoryMiB: number
  readonly roleArn: string
  readonly reservedConcurrency?: number
  /** All published versions, of this synthesis and of earlier ones; oldest first. */
  readonly versions: readonly FunctionVersionModel[]
  readonly aliases: readonly { readonly name: string; readonly arn: string; readonly versionArn: string }[]
  /** Resource policy (`AWS::Lambda::Permission`): which services may invoke it. */
  readonly policy: readonly PolicyStatement[]
  /** Asynchronous invocation (EventBridge, SNS); without it AWS retries twice within six hours. */
  readonly asyncInvoke?: { readonly maximumRetryAttempts?: number; readonly maximumEventAgeSeconds?: number }
}

/** A published version is a frozen copy: code, configuration and role as they were. */
export interface FunctionVersionModel {
  readonly number: number
  /** `<function arn>:<number>` */
  readonly arn: string
  readonly codeDirectory: string
  readonly handler: string
  readonly environment: Readonly<Record<string, string>>
  readonly timeoutSeconds: number
  readonly memoryMiB: number
  readonly roleArn: string
}

export interface StateMachineModel {
  readonly name: string
  readonly arn: string
  readonly versionArn?: string
  /** The definition with all substitutions done, as JSON text. */
  readonly definition: string
  readonly roleArn: string
  /** All published versions, of this synthesis and of earlier ones; oldest first. */
  readonly versions: readonly StateMachineVersionModel[]
}

interface StateMachineVersionModel {
  readonly number: number
  /** `<state machine arn>:<number>` */
  readonly arn: string
  readonly definition: string
  readonly roleArn: string
}

export interface RoleModel {
  readonly name: string
  readonly arn: string
  /** Identity policies of the role, inline and attached; managed AWS policies are expanded from a short list. */
  readonly statements: readonly PolicyStatement[]
  /** Trust policy: who may assume the role. */
  readonly trust: readonly PolicyStatement[]
}

export interface PolicyStatement {
  readonly effect: 'Allow' | 'Deny'
  readonly actions: readonly string[]
  readonly notActions?: readonly string[]
  readonly resources: readonly string[]
  readonly conditions: Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>
  /** Only on resource policies: principals as ARNs, service names or `*`. */
  readonly principals?: readonly string[]
}

export interface TableModel {
  readonly name: string
  readonly arn: string
  /** Input of the DynamoDB CreateTable call, without what has no meaning on one machine. */
  readonly create: Readonly<Record<string, unknown>>
  /** Customer managed key, which every caller of the table needs as well. */
  readonly keyArn?: string
}

export interface BucketModel {
  readonly name: string
  readonly arn: string
  readonly policy: readonly PolicyStatement[]
  readonly versioned: boolean
  /** S3 refuses retention headers on a bucket that was created without Object Lock. */
  readonly objectLock: boolean
  /** How long each object is locked that does not say so itself. */
  readonly retention?: { readonly mode: 'GOVERNANCE' | 'COMPLIANCE'; readonly days: number }
  /** Customer managed key of the default encryption (SSE-KMS), which every caller needs as well. */
  readonly keyArn?: string
}

export interface TopicModel {
  readonly name: string
  readonly arn: string
  readonly displayName?: string
  readonly policy: readonly PolicyStatement[]
  /** Customer managed key, which every publisher needs as well. */
  readonly keyArn?: string
  readonly subscriptions: readonly {
    readonly arn: string
    readonly protocol: string
    readonly endpoint: string
    /** Over message attributes. */
    readonly filterPolicy?: Readonly<Record<string, unknown>>
  }[]
}

export interface HttpApiModel {
  readonly id: string
  readonly name: string
  /** `https://…` on AWS; the local address here, e.g. `http://127.0.0.1:4700/api/<id>`. */
  readonly endpoint: string
  readonly routes: readonly {
    /** `GET /gates/{capability}` */
    readonly routeKey: string
    /** Unqualified, or of a version or alias. */
    readonly functionArn: string
    readonly timeoutMilliseconds: number
    /** Requests a second, and how many at once. */
    readonly throttle?: { readonly rate: number; readonly burst: number }
  }[]
}

/** An EventBridge rule. */
export interface RuleModel {
  readonly name: string
  readonly arn: string
  readonly pattern: Readonly<Record<string, unknown>>
  /** At most one of `input`, `inputPath` and `inputTransformer` is there; without any the whole event is sent. */
  readonly targets: readonly {
    readonly arn: string
    readonly roleArn?: string
    readonly input?: unknown
    /** JSON path into the event, e.g. `$.detail`. */
    readonly inputPath?: string
    /** `template` holds `<name>` placeholders, to be filled from the event by the JSON path of that name. */
    readonly inputTransformer?: {
      readonly paths: Readonly<Record<string, string>>
      readonly template: string
    }
  }[]
}

/** A Change Calendar of Systems Manager. */
export interface CalendarModel {
  readonly name: string
  readonly arn: string
  /** iCalendar text. */
  readonly content: string
}

export interface KeyModel {
  readonly id: string
  readonly arn: string
  /** `SYMMETRIC_DEFAULT`, `HMAC_256`, `ECC_NIST_P256`, … */
  readonly spec: string
  /** `ENCRYPT_DECRYPT`, `SIGN_VERIFY`, `GENERATE_VERIFY_MAC`, … */
  readonly usage: string
  /** `alias/<name>` */
  readonly aliases: readonly string[]
  /** Key policy; an identity policy counts only where it delegates to the account. */
  readonly policy: readonly PolicyStatement[]
}
