/**
 * Checks the names of a run. The names become part of policies, in which `*` and quotation marks have a special
 * meaning.
 */
import { partitionOf } from '@leasehold/policy';
import { ConformanceError } from './error';
import type { TableScope } from './identities/definitions';

/** The names that a user chooses for a run. */
export interface ChosenNames {
  readonly regions: readonly string[];
  readonly bucket?: string | undefined;
  readonly table?: TableScope | undefined;
}

/** A name that cannot be used. */
export interface NameFault {
  readonly option: 'region' | 'bucket' | 'table' | 'table-key';
  readonly value: string;
  readonly expected: string;
}

/**
 * Returns the first name that cannot be used. Sources:
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html,
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/HowItWorks.NamingRulesDataTypes.html
 */
export function nameFault({ regions, bucket, table }: ChosenNames): NameFault | undefined {
  const region = regions.find((name) => partitionOf(name) === undefined);
  if (region !== undefined) return { option: 'region', value: region, expected: 'a region, such as eu-west-1' };
  if (new Set(regions.map(partitionOf)).size > 1) {
    return { option: 'region', value: regions.join(', '), expected: 'regions of one partition' };
  }
  if (bucket !== undefined && (!BUCKET.test(bucket) || NO_BUCKET.test(bucket))) {
    return { option: 'bucket', value: bucket, expected: 'the name of a bucket: 3 to 63 of a-z, 0-9, "." and "-"' };
  }
  if (table === undefined) return undefined;
  if (!TABLE.test(table.name)) {
    const expected = 'the name of a table, not its ARN: 3 to 255 letters, digits, "_", "." and "-"';
    return { option: 'table', value: table.name, expected };
  }
  if (table.key === '' || Buffer.byteLength(table.key) > LONGEST_KEY) {
    return {
      option: 'table-key',
      value: table.key,
      expected: `the name of an attribute, at most ${LONGEST_KEY} bytes`,
    };
  }
  return undefined;
}

const BUCKET = /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/;
const NO_BUCKET = /\.\.|^\d+\.\d+\.\d+\.\d+$/;
const TABLE = /^[A-Za-z0-9_.-]{3,255}$/;
/** Maximum length of the name of a key attribute, in bytes. */
const LONGEST_KEY = 255;

/** @throws ConformanceError `name` if a name cannot be used */
export function demandNames(names: ChosenNames): void {
  const fault = nameFault(names);
  if (fault === undefined) return;
  throw new ConformanceError(
    'name',
    `${JSON.stringify(fault.value)} cannot be used as ${fault.option}`,
    `Expected: ${fault.expected}.`,
  );
}
