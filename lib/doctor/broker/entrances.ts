/** Ways to call the broker's function, or to get its answers, beside the deployed ones. */
import { brokerFunctionArn, brokerName } from '@leasehold/documents';
import { present } from '../unread';
import type { AccountContext, AccountVerification, Damage } from '../verification';
import { withBroker } from './function';

export const brokerEntrances: AccountVerification = {
  id: 'broker-entrances',
  part: 'broker',
  severity: 'critical',
  title: "The broker's function has no version, alias, URL, event source or destination of its own",
  why: 'A published version keeps other code and settings, and has its own policy, alias and URL. An event source calls the function with forged events. A destination gets its answers.',
  applies: withBroker,
  verify: async (context) => {
    const { environment, live } = context;
    const FunctionName = brokerName(environment);
    if ((await live.aws.find('lambda', 'GetFunctionConfiguration', { FunctionName })) === undefined) return [];
    const [versions, aliases, urls, sources, destinations] = await Promise.all([
      publishedVersions(context),
      live.aws.list('Aliases', 'lambda', 'ListAliases', { FunctionName }),
      live.aws.list('FunctionUrlConfigs', 'lambda', 'ListFunctionUrlConfigs', { FunctionName }),
      live.aws.list('EventSourceMappings', 'lambda', 'ListEventSourceMappings', { FunctionName }),
      live.aws.list('FunctionEventInvokeConfigs', 'lambda', 'ListFunctionEventInvokeConfigs', { FunctionName }),
    ]);
    const qualified = await Promise.all(
      [
        ...versions.map((version) => ({ what: `version ${version}`, qualifier: version })),
        ...aliases.map(({ Name }) => {
          const alias = present(Name, 'Name', 'lambda:ListAliases');
          return { what: `alias ${alias}`, qualifier: alias };
        }),
      ].map(async ({ what, qualifier }) => {
        const policy = await live.aws.find('lambda', 'GetPolicy', { FunctionName, Qualifier: qualifier });
        const callers = policy === undefined ? '' : ' It has a policy of its own, which lets others call it.';
        return damage(context, `The function has the ${what}, which is not deployed.${callers}`);
      }),
    );
    return [
      ...qualified,
      ...urls.map(({ AuthType, FunctionUrl }) =>
        damage(context, `The function can be called at ${FunctionUrl}, authorized by ${AuthType}.`),
      ),
      ...sources.map(({ EventSourceArn = 'an unknown source' }) =>
        damage(context, `The function is called with events of ${EventSourceArn}.`),
      ),
      ...destinations
        .flatMap(({ DestinationConfig: to }) => [to?.OnSuccess?.Destination, to?.OnFailure?.Destination])
        .filter((destination) => destination !== undefined)
        .map((destination) => damage(context, `Answers of the function are sent to ${destination}.`)),
    ];
  },
};

/** Published versions of the function; `$LATEST` is the deployed one. */
async function publishedVersions({ environment, live }: AccountContext): Promise<readonly string[]> {
  const functions = await live.functions(environment.region);
  return functions
    .filter(({ name, version }) => name === brokerName(environment) && version !== '$LATEST')
    .map(({ version }) => version);
}

function damage({ environment }: AccountContext, message: string): Damage {
  return {
    kind: 'damage',
    place: brokerFunctionArn(environment),
    message,
    hint: 'Remove it, and find out who created it.',
  };
}
