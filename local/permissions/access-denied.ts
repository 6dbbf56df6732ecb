/**
 * The message of a refusal, as AWS words it.
 * Source: IAM user guide, "Troubleshoot access denied error messages".
 */
export function accessDenied(
  principalArn: string,
  action: string,
  resourceArn: string,
  decision: { readonly explicitDeny: boolean; readonly deniedBy?: 'identity' | 'resource' } = {
    explicitDeny: false,
  },
): string {
  const reason = decision.explicitDeny
    ? `with an explicit deny in ${decision.deniedBy === 'resource' ? 'a resource' : 'an identity'}-based policy`
    : `because no identity-based policy allows the ${action} action`
  return `User: ${principalArn} is not authorized to perform: ${action} on resource: ${resourceArn} ${reason}`
}
