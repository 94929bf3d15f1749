/**
 * Checks the console and its API: whether somebody else could determine the content of the page on which people sign
 * approvals.
 */
import { stackOfApi } from '../brokers/broker-apis';
import { consoleHosts } from '../brokers/console-hosts';
import { isConsoleFunction } from '../brokers/console-of-plan';
import type { Watched } from '../model';
import type { ReviewFinding } from '../review';
import { differs, isEmpty, show } from './attributes';
import { domainChanged, movedConsole } from './console-domain';
import { ofMapping } from './console-mappings';
import { type Change, type Check, type FindingKind, finding } from './finding';
import { ofFunction } from './function-changes';
import { ofIntegration, ofRoutesOfApi, ofRouteTarget, routeTarget } from './route-targets';

const changed: FindingKind = {
  id: 'console-changed',
  title: "The console's function or its environment changes",
  severities: ['high', 'medium'],
  why: 'The function serves the page on which people read what they sign, so anyone who can change the function can show people one lease and have them sign another lease.',
  hint: 'Compare `source_code_hash` with the hash that `leasehold synth` of the same version prints, and do not merge other changes to the function.',
};

const cors: FindingKind = {
  id: 'cors-opened',
  title: "Web pages of other sites may call the broker's API",
  severities: ['high'],
  why: 'A page of another site could then call the API with a token that it got from somebody, and read the responses.',
  hint: 'Remove `cors_configuration`: the console has the same address as the API and does not need a CORS configuration.',
};

export const consoleSite: Check = {
  kinds: [changed, domainChanged, routeTarget, cors],
  *find(context) {
    const hosts = consoleHosts(context.access);
    yield* movedConsole(context, hosts);
    for (const change of context.watched) {
      const either = [change.before, change.after].filter((each) => each !== undefined);
      switch (either[0]?.type) {
        case 'aws_lambda_function':
          if (either.some(isConsoleFunction)) yield* ofFunction(change, changed, "console's");
          break;
        case 'aws_apigatewayv2_api':
          yield* ofApi(change);
          break;
        case 'aws_apigatewayv2_integration':
          yield* ofIntegration(change, context);
          break;
        case 'aws_apigatewayv2_route':
          yield* ofRouteTarget(change, context);
          break;
        case 'aws_apigatewayv2_api_mapping':
        case 'aws_api_gateway_base_path_mapping':
          yield* ofMapping(change, hosts, context);
          break;
      }
    }
  },
};

function* ofApi(change: Change<Watched>): Iterable<ReviewFinding> {
  const { before, after } = change;
  if (after === undefined || ![before, after].some((side) => side !== undefined && stackOfApi(side))) return;
  const { address } = after.place;
  if (differs(change, 'cors_configuration') && !isEmpty(after.values.cors_configuration)) {
    yield finding(cors, {
      place: { address, attribute: 'cors_configuration' },
      message: `The API ${address} can be called by pages of other sites: ${show(after.values.cors_configuration)}.`,
    });
  }
  yield* ofRoutesOfApi(change, after);
}
