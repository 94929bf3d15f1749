/**
 * Queries the backing server for facts that requests do not contain: the partition key of a table, the key of an
 * alias, the full ARN of a secret. If the server cannot provide a fact, the service's mapping table requires more
 * permissions or refuses the request.
 */
import type { Backings } from './backings';
import type { Backing } from './forward';
import type { KnownResources, Lookup, MappedCall, SignedRequest } from './service-mapping';

/** Finds the facts that mappings need. */
export class Learner {
  readonly #backings: Backings;
  /** A table's partition key is cached for a short time, because it never changes while the table exists. */
  readonly #partitionKeys = new Map<string, { readonly value: string | undefined; readonly until: number }>();

  constructor(backings: Backings) {
    this.#backings = backings;
  }

  /**
   * Maps a request, and repeats the mapping until all required data has been looked up. Throws the same errors as the
   * mapping.
   */
  async map(request: SignedRequest, map: (request: SignedRequest) => MappedCall): Promise<MappedCall> {
    const facts = new Facts(request.known);
    for (let round = 0; round < MOST_ROUNDS; round += 1) {
      const mapped = attempt(() => map({ ...request, known: facts }));
      const missing = facts.missing();
      if (missing.length === 0) return mapped();
      for (const { kind, arn } of missing) facts.learn(kind, arn, await this.#ask(kind, arn, request));
    }
    return map(request);
  }

  /** Removes cached data that an allowed call may have changed. */
  forget({ operation }: MappedCall): void {
    if (/^(Create|Delete|Update|Restore|Import)\w*Table/.test(operation)) this.#partitionKeys.clear();
  }

  async #ask(kind: Kind, arn: string, request: SignedRequest): Promise<string | undefined> {
    const place = /^arn:[^:]+:[^:]+:([^:]+):(\d{12}):/.exec(arn);
    // Facts about another account or region are not looked up, because the caller may not learn such facts.
    if (place?.[1] !== request.region || place[2] !== request.account) return undefined;
    const backing = this.#backings.of(place[0].split(':', 3)[2] ?? '');
    if (!backing) return undefined;
    if (kind !== 'partitionKeys') return ASKING[kind](arn, request, backing);
    const kept = this.#partitionKeys.get(arn);
    if (kept && Date.now() < kept.until) return kept.value;
    const value = await ASKING.partitionKeys(arn, request, backing);
    if (this.#partitionKeys.size >= MOST_KEPT) this.#partitionKeys.clear();
    this.#partitionKeys.set(arn, { value, until: Date.now() + KEPT_MILLISECONDS });
    return value;
  }
}

/** Maximum number of mapping rounds. KMS needs one round for each alias, and a call contains at most two aliases. */
const MOST_ROUNDS = 4;
/** The time in milliseconds is short, because other clients may change the backing server directly. */
const KEPT_MILLISECONDS = 1000;
const MOST_KEPT = 1000;

type Kind = keyof KnownResources;

/** The facts that were found, and the facts that could not be found. */
class Facts implements Required<KnownResources> {
  readonly partitionKeys = this.#lookup('partitionKeys');
  readonly keyAliases = this.#lookup('keyAliases');
  readonly secrets = this.#lookup('secrets');
  readonly #given: KnownResources;
  readonly #learned = new Map<string, string | undefined>();
  readonly #missing = new Map<string, { readonly kind: Kind; readonly arn: string }>();

  constructor(given: KnownResources = {}) {
    this.#given = given;
  }

  /** The facts that are needed and have not been looked up yet. */
  missing(): readonly { readonly kind: Kind; readonly arn: string }[] {
    return [...this.#missing.values()];
  }

  learn(kind: Kind, arn: string, value: string | undefined): void {
    this.#learned.set(`${kind} ${arn}`, value);
    this.#missing.delete(`${kind} ${arn}`);
  }

  #lookup(kind: Kind): Lookup {
    return {
      get: (arn) => {
        const name = `${kind} ${arn}`;
        const known = this.#given[kind]?.get(arn) ?? this.#learned.get(name);
        if (known === undefined && !this.#learned.has(name)) this.#missing.set(name, { kind, arn });
        return known;
      },
    };
  }
}

type Ask = (arn: string, request: SignedRequest, backing: Backing) => Promise<string | undefined>;

/** One query for each kind of fact. A response in an unexpected form is ignored. */
const ASKING: Readonly<Record<Kind, Ask>> = {
  partitionKeys: async (arn, request, backing) => {
    const [, TableName, index] = /:table\/([^/]+)(?:\/index\/([^/]+))?$/.exec(arn) ?? [];
    const { Table: table } = await backing.ask(request, 'dynamodb', 'DynamoDB_20120810.DescribeTable', { TableName });
    const indexes = [...members(table, 'GlobalSecondaryIndexes'), ...members(table, 'LocalSecondaryIndexes')];
    const asked = index === undefined ? table : indexes.find((each) => field(each, 'IndexName') === index);
    const [hash, ...others] = members(asked, 'KeySchema').filter((each) => field(each, 'KeyType') === 'HASH');
    return others.length > 0 ? undefined : text(field(hash, 'AttributeName'));
  },
  keyAliases: async (arn, request, backing) => {
    const { KeyMetadata: key } = await backing.ask(request, 'kms', 'TrentService.DescribeKey', { KeyId: arn });
    return text(field(key, 'Arn'));
  },
  secrets: async (arn, request, backing) => {
    const SecretId = /:secret:(.+)$/.exec(arn)?.[1];
    const target = 'secretsmanager.DescribeSecret';
    const found = text((await backing.ask(request, 'secretsmanager', target, { SecretId })).ARN);
    // A server may find a different secret by part of its name. The ARN of such a secret is ignored.
    return found?.startsWith(arn) && /^-[A-Za-z0-9]{6}$/.test(found.slice(arn.length)) ? found : undefined;
  },
};

function field(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>)[name] : undefined;
}

function members(value: unknown, name: string): readonly unknown[] {
  const list = field(value, name);
  return Array.isArray(list) ? list : [];
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** Stores the result or the error of a function for later. */
function attempt<T>(run: () => T): () => T {
  try {
    const value = run();
    return () => value;
  } catch (error) {
    return () => {
      throw error;
    };
  }
}
