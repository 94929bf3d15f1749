/** `leasehold login`: signs a person in with the issuer of a broker. Later commands use this login. */
import { defined } from '@leasehold/contract/defined';
import { visible } from '@leasehold/contract/text';
import type { EndedLogin, SignedIn } from '@leasehold/serve/login';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { type BrokerFlags, demandBroker } from '../broker/broker-location';
import { EXIT, type ExitCode } from '../exit';
import { explainHelp } from '../help';
import { leasing, MANIFEST } from '../leasing';
import { openPage } from '../login/open-page';
import { signInSettings } from '../login/settings';
import type { Shell } from '../shell';

interface Options extends Pick<BrokerFlags, 'manifest' | 'broker' | 'region'> {
  readonly device?: boolean;
  readonly redirect?: string;
  readonly browser: boolean;
}

export function login(command: Command, shell: Shell): void {
  placeOptions(
    command.description(
      "Signs you in with the broker's token issuer, for people who have no IAM user. The command opens the issuer's page in your " +
        'browser; with --device, it shows a code to enter on another device. A background process keeps the tokens in ' +
        'its memory, behind a socket that nobody else can open. Until `leasehold logout`, the commands that call this ' +
        'broker act as you.',
    ),
  )
    .option('--device', 'show a code to enter in a browser on any device')
    .addOption(
      new Option(
        '--redirect <url>',
        'the address to which the issuer returns, if it knows only one with a fixed port, for example ' +
          'http://localhost:8976/signed-in; default: http://127.0.0.1:PORT/callback with a free port',
      )
        .argParser(redirectAddress)
        .conflicts('device'),
    )
    .option('--no-browser', 'do not open a browser, only print the address')
    .action(shell.ends((options: Options) => leasing(shell, (signal) => run(options, shell, signal))));
  explainHelp(command, {
    examples: [
      ['leasehold login', 'with a browser on this machine'],
      ['leasehold login --device', 'from a machine without a browser, for example over SSH'],
      [
        'leasehold login --redirect http://localhost:8976/signed-in',
        'at an issuer that compares the port, as Cognito does',
      ],
    ],
    exits: { 0: 'you are signed in', 1: 'nobody is signed in: the issuer refused, or nobody answered' },
    details:
      '[Signing in](sign-in.md#on-the-command-line) describes which identity a command uses, and how tokens are kept.',
  });
}

/** Adds the options for the broker's location. */
export function placeOptions(command: Command): Command {
  return command
    .option('--manifest <file>', `the stack's \`leasehold\` output; default: LEASEHOLD_MANIFEST, or ${MANIFEST}`)
    .option(
      '--broker <url>',
      "the broker's address, including its stage; default: LEASEHOLD_BROKER_URL, or the manifest's",
    )
    .option('--region <name>', "the broker's region; default: the manifest's, or the one in its address");
}

async function run(options: Options, shell: Shell, signal: AbortSignal): Promise<ExitCode> {
  const { host } = shell;
  const { privateFolder } = require('@leasehold/serve/holder') as typeof import('@leasehold/serve/holder');
  const { discover, replaceLogin } = require('@leasehold/serve/login') as typeof import('@leasehold/serve/login');
  const broker = demandBroker(options, shell).url;
  const folder = privateFolder(host.env);
  const settings = await signInSettings(broker, signal);
  const metadata = await discover(settings);
  const place = { metadata, scope: settings.scope };
  const signedIn = await (options.device ? byDevice : byBrowser)(place, options, shell, signal);
  const onEnded = ({ name }: EndedLogin) =>
    host.err(`note: ${visible(name)} was signed in before, and is signed out\n`);
  await replaceLogin(signedIn, { broker, folder, metadata, onEnded });
  host.out(`Signed in as ${visible(signedIn.account.name)}. Sign out: leasehold logout\n`);
  return EXIT.fine;
}

type Place = Pick<Parameters<typeof import('@leasehold/serve/login').signInWithBrowser>[0], 'metadata' | 'scope'>;

function byBrowser(
  place: Place,
  { redirect, browser }: Options,
  { host }: Shell,
  signal: AbortSignal,
): Promise<SignedIn> {
  const { signInWithBrowser } = require('@leasehold/serve/login') as typeof import('@leasehold/serve/login');
  const show = (url: string) => {
    host.err(`Sign in with your browser. If it does not open, visit:\n${url}\n`);
    if (browser) openPage(url, host);
  };
  return signInWithBrowser({ ...place, show, signal, ...defined({ redirect }) });
}

async function byDevice(
  { metadata, scope }: Place,
  _: Options,
  { host }: Shell,
  signal: AbortSignal,
): Promise<SignedIn> {
  const { deviceCode } = require('@leasehold/serve/login') as typeof import('@leasehold/serve/login');
  const { userCode, page, wait } = await deviceCode(metadata, scope);
  host.err(`Visit ${visible(page)} on any device, and enter the code ${visible(userCode)}\n`);
  return wait(signal);
}

function redirectAddress(text: string): string {
  const { isLoopbackRedirect } = require('@leasehold/serve/login') as typeof import('@leasehold/serve/login');
  if (isLoopbackRedirect(text)) return text;
  throw new InvalidArgumentError('Specify an http address on localhost or 127.0.0.1, with a port.');
}
