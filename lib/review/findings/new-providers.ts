/** Reports AWS provider configurations that create resources and may use somebody else's account. */
import type { NewProvider } from '../model';
import type { ReviewFinding } from '../review';
import { accountInWords } from './account-in-words';
import { show } from './attributes';
import { type FindingKind, finding, listOf, type ReviewContext } from './finding';

const HINT =
  'Make sure that the account and the addresses of the provider are yours; if they are, name the account with `--account`.';

/**
 * One finding for each instance. If neither existing resources nor the user's input show an own account, the plan
 * belongs to a new project, in which every provider is new.
 */
export function* newProviderFindings(kind: FindingKind, context: ReviewContext): Iterable<ReviewFinding> {
  for (const provider of context.access.newProviders ?? []) {
    const { place, resources, account, mayBeFaked, isRedirected } = provider;
    if (!isRedirected && context.proven.size === 0) continue;
    if (!mayBeFaked && account !== undefined && context.accounts.has(account)) continue;
    yield finding(kind, {
      place,
      severity: 'medium',
      message: `The plan adds or changes ${listOf(resources, 3)} through the provider ${provider.provider}, ${inWords(provider, context)}.`,
      hint: HINT,
    });
  }
}

function inWords({ account, mayBeFaked, endpoints, isRedirected }: NewProvider, context: ReviewContext): string {
  if (endpoints.length > 0) return `which calls ${listOf(endpoints.map(show), 3)} instead of AWS`;
  if (isRedirected) return 'which calls addresses that the plan does not show';
  if (mayBeFaked) return 'whose settings let the configuration decide what the provider reports';
  return account === undefined ? 'and the plan does not show whose account that is' : accountInWords(account, context);
}
