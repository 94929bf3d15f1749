import type { AccountVerification } from '../verification';

export const accessAnalyzer: AccountVerification = {
  id: 'access-analyzer',
  part: 'account',
  severity: 'low',
  title: 'In the region, IAM Access Analyzer looks for external access',
  why: 'The analyzer reports resources that are shared with other accounts or with everybody. It covers more services than leasehold doctor.',
  verify: async ({ environment, live }) => {
    const analyzers = await live.aws.list('analyzers', 'accessanalyzer', 'ListAnalyzers', {});
    if (analyzers.some(({ status, type }) => status === 'ACTIVE' && EXTERNAL.includes(type ?? ''))) return [];
    return [
      {
        kind: 'damage',
        place: `${environment.account} ${environment.region}`,
        message:
          analyzers.length === 0
            ? 'There is no analyzer.'
            : 'No active analyzer looks for access from outside the account or organization.',
        hint: 'Create one, free of charge: aws accessanalyzer create-analyzer --analyzer-name account --type ACCOUNT',
      },
    ];
  },
};

/** Types of analyzers that find external access. */
const EXTERNAL: readonly string[] = ['ACCOUNT', 'ORGANIZATION'];
