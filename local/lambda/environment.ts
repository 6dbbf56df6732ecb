import type { DeployedFunction } from './deployed.ts'

export interface Credentials {
  readonly accessKeyId: string
  readonly secretAccessKey: string
  readonly sessionToken: string
}

export interface FunctionSurroundings {
  readonly region: string
  readonly credentials: (roleArn: string) => Credentials
  /** Value of AWS_ENDPOINT_URL: where every AWS client of the function goes. */
  readonly endpoint: string
  /** Value of AWS_ENDPOINT_URL_DYNAMODB: the store's own port, one hop fewer than through the front. */
  readonly dynamodbEndpoint?: string
}

/** All that a function process sees. Nothing of the parent's own environment but PATH gets in. */
export function functionEnvironment(
  model: DeployedFunction,
  surroundings: FunctionSurroundings,
  logStream: string,
): Record<string, string> {
  const { accessKeyId, secretAccessKey, sessionToken } = surroundings.credentials(model.roleArn)
  return {
    ...model.environment,
    PATH: process.env['PATH'] ?? '',
    LANG: 'en_US.UTF-8',
    TZ: 'UTC',
    _HANDLER: model.handler,
    LAMBDA_TASK_ROOT: model.codeDirectory,
    AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs24.x',
    AWS_REGION: surroundings.region,
    AWS_DEFAULT_REGION: surroundings.region,
    AWS_LAMBDA_FUNCTION_NAME: model.name,
    AWS_LAMBDA_FUNCTION_VERSION: model.version,
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(model.memoryMiB),
    AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand',
    AWS_LAMBDA_LOG_GROUP_NAME: `/aws/lambda/${model.name}`,
    AWS_LAMBDA_LOG_STREAM_NAME: logStream,
    AWS_ACCESS_KEY_ID: accessKeyId,
    AWS_SECRET_ACCESS_KEY: secretAccessKey,
    AWS_SESSION_TOKEN: sessionToken,
    AWS_ENDPOINT_URL: surroundings.endpoint,
    ...(surroundings.dynamodbEndpoint ? { AWS_ENDPOINT_URL_DYNAMODB: surroundings.dynamodbEndpoint } : {}),
    // There is no X-Ray daemon here; without these two, Powertools' tracer throws or waits for one.
    AWS_XRAY_CONTEXT_MISSING: 'IGNORE_ERROR',
    POWERTOOLS_TRACE_ENABLED: 'false',
  }
}

/**
 * The flags with which Lambda's nodejs24.x starts a function: shares of its memory size for the two generations of the
 * heap, unless NODE_OPTIONS names the size of either; then that holds, and Lambda passes none.
 */
export function memoryFlags({ memoryMiB, environment }: DeployedFunction): readonly string[] {
  if (/max[-_](semi|old)[-_]space[-_]size/.test(environment['NODE_OPTIONS'] ?? '')) return []
  return [
    `--max-semi-space-size=${Math.max(1, Math.floor(memoryMiB * 0.05))}`,
    `--max-old-space-size=${Math.floor(memoryMiB * 0.9)}`,
  ]
}
