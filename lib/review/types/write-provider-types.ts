/**
 * Classifies the types of the AWS provider again after an upgrade: `terraform providers schema -json > schema.json &&
 * tsx lib/review/types/write-provider-types.ts schema.json 6.0.0`. Prints new types. Check each one: add it to a table
 * in this folder, or confirm its class.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CLASSES } from './classify';
import { type ProviderTypes, providerTypes } from './schema';

const FILE = join(__dirname, 'provider-types.json');

const [, , schema = '', version = ''] = process.argv;
const written = providerTypes(JSON.parse(readFileSync(schema, 'utf8')), version);
const known = lines(JSON.parse(readFileSync(FILE, 'utf8')) as ProviderTypes);
for (const line of lines(written)) {
  if (!known.has(line)) process.stdout.write(`${line}\n`);
}
writeFileSync(FILE, `${JSON.stringify(written, null, 2)}\n`);

function lines({ classes, attributes }: ProviderTypes): ReadonlySet<string> {
  return new Set([
    ...CLASSES.flatMap((each) => classes[each].split(' ').map((type) => `aws_${type}: ${each}`)),
    ...Object.entries(attributes).flatMap(([type, paths]) => paths.split(' ').map((path) => `aws_${type} ${path}`)),
  ]);
}
