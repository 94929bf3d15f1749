/**
 * Determines whether the author of a configuration decides what a provider reports. Terraform calls the addresses in
 * the provider's settings, and uses the credentials in these settings.
 */
import { isJson, listOf, own } from '../plan/plan';
import { ownerOfAddress } from './address-owners';
import { type Configuration, isInModule, type ProviderConfiguration, readExpression } from './configuration';

/** Settings that cause a provider to call another address, or to read credentials and addresses from other files. */
const REDIRECTING = [
  'custom_ca_bundle',
  'ec2_metadata_service_endpoint',
  'http_proxy',
  'https_proxy',
  'insecure',
  'shared_config_files',
  'shared_credentials_file',
  'shared_credentials_files',
] as const;

/** Settings that contain credentials. */
const KEYS = ['access_key', 'secret_key', 'token'] as const;

/**
 * Whether the author of the configuration may decide what the provider reports, for example the account of the caller
 * identity. If so, nothing that the provider read or created is evidence of an own account. Settings from the
 * environment are not examined, because a pull request cannot change them.
 */
export function mayBeFaked(provider: ProviderConfiguration, { defaults }: Pick<Configuration, 'defaults'>): boolean {
  const { key, expressions } = provider;
  return (
    fakedEndpoints(provider).length > 0 ||
    REDIRECTING.some((name) => isSet(own(expressions, name))) ||
    asksMetadata(own(expressions, 'skip_metadata_api_check')) ||
    KEYS.some((name) => isWritten(own(expressions, name), isInModule(key) ? undefined : defaults))
  );
}

/** An endpoint of a provider that may not belong to AWS. */
export interface FakedEndpoint {
  /** Undefined if the plan does not show the address. */
  readonly address: string | undefined;
}

export function fakedEndpoints({ expressions }: ProviderConfiguration): readonly FakedEndpoint[] {
  const blocks = own(expressions, 'endpoints');
  if (blocks !== undefined && !Array.isArray(blocks)) return [{ address: undefined }];
  return listOf(blocks).flatMap((block) =>
    Object.values(isJson(block) ? block : {}).flatMap((expression): readonly FakedEndpoint[] => {
      if (!isSet(expression)) return [];
      const { constant, references } = readExpression(expression);
      // A plan shows which values an expression refers to, but not what the expression does with them.
      if (references.length > 0 || typeof constant !== 'string') return [{ address: undefined }];
      return isOfAws(constant) ? [] : [{ address: constant }];
    }),
  );
}

/** Whether an address is the address of an AWS service, over HTTPS. */
function isOfAws(address: string): boolean {
  return /^https:\/\/[^/?#]+\/?$/.test(address) && ownerOfAddress(address).kind === 'service';
}

/**
 * Whether an expression sets an attribute. An expression whose value the plan does not show, such as the call of a
 * function, counts as set.
 */
function isSet(expression: unknown): boolean {
  if (expression === undefined) return false;
  const { constant } = readExpression(expression);
  if (constant === undefined) return true;
  const values: readonly unknown[] = Array.isArray(constant) ? constant : [constant];
  return values.some((value) => value !== null && value !== '' && value !== false && value !== 'false');
}

/** Whether the provider is told to ask the metadata service, which is not encrypted, for its account. */
function asksMetadata(expression: unknown): boolean {
  if (expression === undefined) return false;
  const { constant } = readExpression(expression);
  return constant !== null && constant !== true && constant !== 'true' && constant !== '';
}

/** Data sources that return values of the configuration, of files beside it, or of a source that it names. */
const CHOSEN_BY_AUTHOR: ReadonlySet<string> = new Set([
  'archive_file',
  'cloudinit_config',
  'external',
  'http',
  'local_command',
  'local_file',
  'local_sensitive_file',
  'null_data_source',
  'template_cloudinit_config',
  'template_file',
  'terraform_data',
  'terraform_remote_state',
]);

/**
 * Whether the configuration may contain a credential, instead of naming a source that its author does not decide: a
 * variable without a default, or a data source such as a vault. If the default values of the variables are unknown,
 * every variable counts as written.
 */
function isWritten(expression: unknown, defaults: ReadonlySet<string> | undefined): boolean {
  const { references } = readExpression(expression);
  if (references.length === 0) return isSet(expression);
  return !references.every((reference) => {
    const [, variable, type] = /^(?:var\.([^.[]+)|data\.([^.[]+)\.)/.exec(reference) ?? [];
    if (variable !== undefined) return defaults !== undefined && !defaults.has(variable);
    return type !== undefined && !CHOSEN_BY_AUTHOR.has(type);
  });
}
