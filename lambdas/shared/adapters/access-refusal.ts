/** What S3, SNS, and the others call it. */
const names = [
  'AccessDenied',
  'AuthorizationErrorException',
  'AccessDeniedException',
  'KMSAccessDeniedException',
]

/** Whether AWS refused a call for want of a permission. Its message names action and resource. */
export function isAccessRefusal(error: unknown): error is Error {
  return error instanceof Error && names.includes(error.name)
}
