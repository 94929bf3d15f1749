/** Reads and validates the stack's `leasehold` output, in any of the supported forms. */

import { readFileSync } from 'node:fs';
import { described, Field, isRecord, readStatements } from '@leasehold/contract/permission';
import type * as z from 'zod';
import { isBrokerUrl } from './broker/broker-url';
import { harmlessCause, invalidManifest } from './errors';
import { LeaseError } from './lease-error';
import type { Manifest } from './manifest';

const ANEW = 'Write the manifest again: npx leasehold manifest --env ENVIRONMENT > leasehold.json';

/**
 * Reads a manifest from a file, a string or an object. A string that begins with `{` is parsed as JSON; any other
 * string is treated as a path.
 * @returns a frozen copy
 * @throws LeaseError `invalid-manifest`
 */
export function readManifest(input: string | object): Manifest {
  const [value, place] = typeof input === 'string' ? parse(input) : [input, 'the manifest'];
  return manifest(output(value, place), place);
}

function parse(input: string): [value: unknown, place: string] {
  const text = input.replace(/^\ufeff/, '').trimStart();
  if (text.startsWith('{')) return [json(text, 'the manifest'), 'the manifest'];
  return [json(fileText(input).replace(/^\ufeff/, ''), input), input];
}

function fileText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    const message = path === '' ? 'the path of the manifest is empty' : `${path} cannot be read`;
    throw new LeaseError(
      'invalid-manifest',
      message,
      'Name the file that `npx leasehold manifest --env ENVIRONMENT > leasehold.json` wrote.',
      false,
      { cause: harmlessCause(error) },
    );
  }
}

function json(text: string, place: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new LeaseError(
      'invalid-manifest',
      `${place} is not JSON`,
      'Write it again: npx leasehold manifest --env ENVIRONMENT > leasehold.json',
      false,
      { cause: harmlessCause(error) },
    );
  }
}

/** The value of the output, extracted from the JSON in which Terraform wraps it. */
function output(value: unknown, place: string): unknown {
  if (!isRecord(value) || Object.hasOwn(value, 'version')) return value;
  const found = Object.hasOwn(value, 'leasehold') ? value.leasehold : value;
  if (isRecord(found) && Object.hasOwn(found, 'value')) {
    return typeof found.value === 'string' ? json(found.value, place) : found.value;
  }
  if (Object.hasOwn(value, 'leasehold')) return found;
  throw invalidManifest(
    `${place} contains no output \`leasehold\``,
    'Run `terraform output -json` in the folder of a stack that Leasehold made, after it was applied.',
  );
}

function manifest(value: unknown, place: string): Manifest {
  const version = new Field(value, place, complain).at('version');
  // Loaded for the first manifest, not when the package is imported, because it also loads zod.
  const { manifestSchema, MANIFEST_VERSION }: typeof import('@leasehold/contract/manifest') =
    require('@leasehold/contract/manifest');
  if (version.value !== MANIFEST_VERSION) {
    throw invalidManifest(
      `${version.place} is ${described(version.value)}, and this runtime reads version ${MANIFEST_VERSION}`,
      'Install the version of @leasehold/runtime that matches the version of Leasehold that generated the stack.',
    );
  }
  const copy: unknown = JSON.parse(JSON.stringify(value));
  const { success, data, error } = manifestSchema.safeParse(copy);
  if (!success) throw refused(copy, place, error.issues[0]);
  const root = new Field(data, place, complain);
  // The message does not repeat the URL, because the URL could contain a password.
  if (data.broker !== undefined && !isBrokerUrl(data.broker.url)) throw noBrokerUrl(place);
  if (data.broker?.console !== undefined && !isBrokerUrl(data.broker.console)) {
    throw invalidManifest(`${place}.broker.console is not an https URL of a console`, ANEW);
  }
  root.at('roles').entries((role) => readStatements(role.at('policy')));
  return frozen(data);
}

/** The error for the first issue that the schema reports, with the place of the issue and the value found there. */
function refused(value: unknown, place: string, issue: z.core.$ZodIssue | undefined): Error {
  const { path, message } = issue ?? { path: [], message: 'a manifest' };
  if (path.join('.') === 'broker.url') return noBrokerUrl(place);
  const field = path.reduce<Field>((outer, step) => outer.inner(step), new Field(value, place, complain));
  return field.wrong(message);
}

function noBrokerUrl(place: string): Error {
  return invalidManifest(`${place}.broker.url is not an https URL of a broker`, ANEW);
}

function frozen<T>(value: T): T {
  if (typeof value !== 'object' || value === null) return value;
  for (const inner of Object.values(value)) frozen(inner);
  return Object.freeze(value);
}

function complain(place: string, expected: string, found: unknown): Error {
  return invalidManifest(`${place} should be ${expected}, and is ${described(found)}`, ANEW);
}
