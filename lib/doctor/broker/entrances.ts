/** Finds entrances that are not deployed: other ways to call the broker's function or to receive its results. */
import { brokerFunctionArn, brokerName } from '@leasehold/documents';
import { observeEach, present } from '../unread';
import type { AccountContext, AccountVerification, Damage } from '../verification';
import { withBroker } from './function';

export const brokerEntrances: AccountVerification = {
  id: 'broker-entrances',
  part: 'broker',
  severity: 'critical',
  title: "The broker's function has no version, alias, URL, event source or destination of its own",
  why: 'A published version keeps the code and settings that the function had at that time, and can have its own policy, alias and URL. An event source can call the function with forged events. A destination receives the responses of the function.',
  applies: withBroker,
  verify: async (context) => {
    const { environment, live } = context;
    const FunctionName = brokerName(environment);
    if ((await live.aws.find('lambda', 'GetFunctionConfiguration', { FunctionName })) === undefined) return [];
    return observeEach(
      Object.entries(ENTRANCES),
      ([what]) => `${brokerFunctionArn(environment)} (${what})`,
      async ([, entrances]) => (await entrances(context, FunctionName)).map((message) => damage(context, message)),
    );
  },
};

/** Finds all entrances of one kind, and returns a sentence for each of them. */
type Entrances = (context: AccountContext, FunctionName: string) => Promise<readonly string[]>;

const ENTRANCES: Readonly<Record<string, Entrances>> = {
  versions: async (context, FunctionName) =>
    Promise.all(
      (await publishedVersions(context)).map((version) =>
        qualified(context, FunctionName, `version ${version}`, version),
      ),
    ),
  aliases: async (context, FunctionName) => {
    const aliases = await context.live.aws.list('Aliases', 'lambda', 'ListAliases', { FunctionName });
    return Promise.all(
      aliases.map(({ Name }) => {
        const alias = present(Name, 'Name', 'lambda:ListAliases');
        return qualified(context, FunctionName, `alias ${alias}`, alias);
      }),
    );
  },
  URLs: async ({ live: { aws } }, FunctionName) =>
    (await aws.list('FunctionUrlConfigs', 'lambda', 'ListFunctionUrlConfigs', { FunctionName })).map(
      ({ AuthType, FunctionUrl }) =>
        `The broker function can be called directly at ${FunctionUrl}, with authorization ${AuthType}.`,
    ),
  'event sources': async ({ live: { aws } }, FunctionName) =>
    (await aws.list('EventSourceMappings', 'lambda', 'ListEventSourceMappings', { FunctionName })).map(
      ({ EventSourceArn = 'an unknown source' }) => `Events from ${EventSourceArn} call the broker function.`,
    ),
  destinations: async ({ live: { aws } }, FunctionName) =>
    (await aws.list('FunctionEventInvokeConfigs', 'lambda', 'ListFunctionEventInvokeConfigs', { FunctionName }))
      .flatMap(({ DestinationConfig: to }) => [to?.OnSuccess?.Destination, to?.OnFailure?.Destination])
      .filter((destination) => destination !== undefined)
      .map((destination) => `Responses of the broker function are sent to ${destination}.`),
};

/** Describes a version or an alias, and whether it has its own resource policy. */
async function qualified(
  { live }: AccountContext,
  FunctionName: string,
  what: string,
  Qualifier: string,
): Promise<string> {
  const policy = await live.aws.find('lambda', 'GetPolicy', { FunctionName, Qualifier });
  const callers = policy === undefined ? '' : ' It has a policy of its own, which lets others call it.';
  return `The function has the ${what}, which is not deployed.${callers}`;
}

/** Published versions of the function. The deployed version is `$LATEST`. */
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
