import type { Signer } from '../consent/sign.ts';
import { useBroker, useKnownMe } from '../session/app-context.tsx';

/** The person as an administrator. */
export interface Administrator {
  /** The person's name and environment for signatures. Undefined if nobody uses passkeys in the environment. */
  readonly signer: Signer | undefined;
  /** The environment that the page shows. Empty if nobody uses passkeys: then nothing is signed. */
  readonly environment: string;
}

/** The person, if the person is an administrator; otherwise undefined. */
export function useAdministrator(): Administrator | undefined {
  const broker = useBroker();
  const { may, person, environment } = useKnownMe();
  if (!may.administrator) return undefined;
  const signer: Signer | undefined = person === undefined ? undefined : { broker, as: 'administrator', person };
  return { signer, environment: environment ?? '' };
}
