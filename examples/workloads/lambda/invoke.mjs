/** Calls a handler with an event, as Lambda does, and prints its result or its error. */
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

const [file, event] = process.argv.slice(2);
const { handler } = await import(pathToFileURL(resolve(file)).href);
const context = { functionName: process.env.AWS_LAMBDA_FUNCTION_NAME, awsRequestId: crypto.randomUUID() };
try {
  process.stdout.write(`result: ${JSON.stringify(await handler(JSON.parse(event), context))}\n`);
} catch ({ name, code, message }) {
  process.stdout.write(`error: ${[name, code, message].filter(Boolean).join(': ')}\n`);
}
