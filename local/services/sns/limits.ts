const maxMessageBytes = 262_144

/** Why SNS would not take the message, in its own words, or undefined. fauxqs checks the size alone. */
export function publishRefusal(form: Readonly<Record<string, string>>): string | undefined {
  const subject = form['Subject']
  // From the API reference of Publish: ASCII text that begins with a letter, number or punctuation mark, with no
  // line breaks or control characters, and less than 100 characters long. The service takes 100.
  if (subject !== undefined && !/^[\x21-\x7e][\x20-\x7e]{0,99}$/.test(subject))
    return 'Invalid parameter: Subject'
  if ((form['Message'] ?? '') === '') return 'Invalid parameter: Empty message'
  const size = Object.entries(form)
    .filter(([name]) => name === 'Message' || name.startsWith('MessageAttributes.'))
    .reduce((sum, [, value]) => sum + Buffer.byteLength(value), 0)
  return size > maxMessageBytes ? 'Invalid parameter: Message too long' : undefined
}

/** Parameters of Publish that have a meaning here. */
export function unknownPublishField(form: Readonly<Record<string, string>>): string | undefined {
  const known = ['Action', 'Version', 'TopicArn', 'Message', 'Subject']
  return Object.keys(form).find((name) => !known.includes(name) && !name.startsWith('MessageAttributes.'))
}
