/** Ensures that requests and answers cannot be read on the network. */
import { isLoopback } from '../loopback';
import { channelFailed } from './question';

/** Returns the URL if it uses TLS or refers to this machine. @throws LeaseError `channel-failed` */
export function demandSafeUrl(url: string, whose: string): string {
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  if (parsed?.protocol === 'https:' || (parsed?.protocol === 'http:' && isLoopback(parsed.hostname)))
    return parsed.href;
  throw channelFailed(
    `${whose} needs a URL with https`,
    'Use a URL with https, or a URL with http on the loopback interface.',
    false,
  );
}
