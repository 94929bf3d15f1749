import type { Broker, SourceRange } from '@leasehold/definitions';
import { type EnvironmentGuardrail, pageOf } from '../guardrail';

/**
 * A broker in production must not call an `http:` address, because such an address is on the machine that runs the
 * function.
 */
export const productionEndpoints: EnvironmentGuardrail = {
  id: 'production-endpoints',
  title: 'No broker in production calls `localhost` over an unencrypted connection',
  severity: 'error',
  page: pageOf('production-endpoints'),
  over: 'environment',
  *check({ environment }) {
    if (!environment.production || environment.broker === undefined) return;
    for (const { what, address, at } of addressesOf(environment.broker)) {
      if (!address.startsWith('http:')) continue;
      yield {
        message: `In \`${environment.name}\`, which is production, ${what} would be \`${address}\`: the function's own machine, where no server runs.`,
        hint: 'Write an address with `https://` for this environment.',
        at,
      };
    }
  },
};

function addressesOf({
  reviewer,
  subjects,
  locate,
}: Broker): readonly { what: string; address: string; at: SourceRange }[] {
  const endpoint = reviewer !== undefined && 'endpoint' in reviewer ? [reviewer.endpoint] : [];
  return [
    ...endpoint.map((address) => ({ what: 'the reviewer', address, at: locate(['reviewer', 'endpoint']) })),
    ...subjects.flatMap(({ issuer, jwksUri }, index) => {
      // If the issuer's URL is already reported, the URL of its keys is not reported again.
      const keys = issuer.startsWith('http:') ? [] : [jwksUri];
      return [
        { what: 'an issuer', address: issuer, at: locate(['subjects', index, 'issuer']) },
        ...keys.map((address) => ({ what: "an issuer's keys", address, at: locate(['subjects', index, 'jwks']) })),
      ];
    }),
  ];
}
