/** The text of an answer, as far as an answer may go. */

/** @param most Bytes. @throws RangeError for an answer that is longer, once that is known. */
export async function answerText(body: AsyncIterable<Buffer>, most: number): Promise<string> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of body) {
    length += chunk.length;
    if (length > most) throw new RangeError('the answer has no end');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}
