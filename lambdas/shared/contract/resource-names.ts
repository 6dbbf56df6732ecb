/**
 * Everything has a name that follows from the environment. So stacks refer to one another by name, a policy can
 * be read without looking names up, and a second deployment beside a kept archive is refused, where a generated
 * name would silently begin an empty one.
 */
export const nameIn = (environment: string, thing: string): string => `lockgate-${environment}-${thing}`
