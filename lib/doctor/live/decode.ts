/** Policy documents as AWS answers them. */

/** The text of a document. IAM URL-encodes documents (RFC 3986); other services do not. */
export function documentText(answered: string | undefined): string {
  const text = (answered ?? '').trim();
  if (text === '' || text.startsWith('{')) return text;
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
