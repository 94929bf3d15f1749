/** Reads the text of a response, up to a maximum size. */

/**
 * @param most Maximum size in bytes.
 * @throws RangeError as soon as the response exceeds the maximum size.
 */
export async function answerText(body: AsyncIterable<Buffer>, most: number): Promise<string> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of body) {
    length += chunk.length;
    if (length > most) throw new RangeError('the answer is incomplete');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}
