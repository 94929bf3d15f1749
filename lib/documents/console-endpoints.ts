/** The sign-in and console URLs of each partition. */
import type { Environment, Partition } from '@leasehold/definitions';

/**
 * Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_providers_enable-console-custom-url.html
 */
const CONSOLES: Readonly<Record<Partition, (region: string) => { readonly signIn: string; readonly home: string }>> = {
  aws: (region) => ({
    signIn: `https://${region}.signin.aws.amazon.com`,
    home: `https://${region}.console.aws.amazon.com/`,
  }),
  'aws-cn': (region) => ({
    signIn: 'https://signin.amazonaws.cn',
    home: `https://${region}.console.amazonaws.cn/`,
  }),
  'aws-us-gov': (region) => ({
    signIn: 'https://signin.amazonaws-us-gov.com',
    home: `https://${region}.console.amazonaws-us-gov.com/`,
  }),
};

/** The path of the federation endpoint at the origin of the sign-in service. */
export const FEDERATION_PATH = '/federation';

/** The origin of the console's sign-in service, and the URL of the console. */
export function consoleEndpoints({ partition, region }: Pick<Environment, 'partition' | 'region'>): {
  readonly signIn: string;
  readonly home: string;
} {
  return CONSOLES[partition](region);
}
