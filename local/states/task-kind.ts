import type { TaskState } from './definition.ts'

/** The type of a Task's resource and its action, as events tell them. */
export function kind({ integration }: TaskState): { resourceType: string; resource: string } {
  const { resource } = integration
  if (integration.kind === 'lambda') return { resourceType: 'lambda', resource }
  if (integration.kind === 'execution') return { resourceType: 'states', resource }
  const { service, style } = integration
  return { resourceType: style === 'aws-sdk' ? `aws-sdk:${service}` : service, resource }
}
