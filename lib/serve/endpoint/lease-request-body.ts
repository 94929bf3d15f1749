/** Parses the body of `POST /leases/<role>`, and rejects unknown fields. */

import type { IncomingMessage } from 'node:http';
import { defined } from '@leasehold/contract/defined';
import { strictJson } from '@leasehold/contract/strict-json';
import type { Narrowing } from '@leasehold/runtime';
import type { DeskRequest } from './client-leases';
import { Refusal } from './refusal';

/** Maximum size of a request body in bytes. */
const LARGEST = 64 * 1024;

/** @throws Refusal */
export async function readQuestion(request: IncomingMessage): Promise<DeskRequest> {
  const type = (request.headers['content-type'] ?? '').split(';')[0]?.trim().toLowerCase();
  if (type !== 'application/json') throw unreadable('The body is not JSON.');
  const body = parsed(await text(request));
  if (!isRecord(body)) throw unreadable('The body is not a JSON object.');
  const { reason, parameters, duration, narrow, gate, subjectToken, ...others } = body;
  const [other] = Object.keys(others);
  if (other !== undefined) throw unreadable(`A request has no "${other.slice(0, 64)}".`);
  if (typeof reason !== 'string') throw unreadable('The request has no reason.');
  if (parameters !== undefined && !isTexts(parameters)) throw unreadable('`parameters` is not an object of strings.');
  if (duration !== undefined && typeof duration !== 'number')
    throw unreadable('`duration` is not a number of seconds.');
  if (narrow !== undefined && !isNarrowing(narrow)) throw unreadable('The narrowing of the lease is invalid.');
  if (gate !== undefined && gate !== 'mfa' && gate !== 'broker')
    throw unreadable('The gate is neither mfa nor broker.');
  if (subjectToken !== undefined && typeof subjectToken !== 'string')
    throw unreadable('The token of the user is not a string.');
  return {
    reason,
    ...defined({ parameters, duration, narrow, gate, subjectToken }),
  };
}

async function text(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > LARGEST) throw unreadable(`The body is larger than ${LARGEST} bytes.`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function parsed(body: string): unknown {
  try {
    return strictJson(body);
  } catch {
    throw unreadable('The body is not JSON, repeats a key, or contains a number such as 9e2.');
  }
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isTexts(value: unknown): value is Readonly<Record<string, string>> {
  return isRecord(value) && Object.values(value).every((each) => typeof each === 'string');
}

function isNarrowing(value: unknown): value is Narrowing {
  if (!isRecord(value)) return false;
  const { actions, resources, ...others } = value;
  const list = (each: unknown) =>
    each === undefined || (Array.isArray(each) && each.every((text) => typeof text === 'string'));
  return Object.keys(others).length === 0 && list(actions) && list(resources);
}

function unreadable(message: string): Refusal {
  return new Refusal(400, 'invalid-request', message, 'Send { "reason": "…", "parameters": { … }, "duration": 900 }.');
}
