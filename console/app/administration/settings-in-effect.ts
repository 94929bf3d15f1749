/** Whether the settings of a principal can be changed on its page, and whether they agree with the verified record. */
import type { VerifiedAdministration } from '@leasehold/broker/core';
import type { PrincipalView } from '@leasehold/contract';
import type { Signer } from '../consent/sign.ts';

export interface Editing {
  readonly view: PrincipalView;
  readonly record: VerifiedAdministration;
  readonly signer: Signer | undefined;
}

/**
 * Why the page offers no change, and what is wrong with the settings in effect. Both are undefined if the settings of
 * the principal can be changed.
 */
export function whyNotEdited({ view, record, signer }: Editing): {
  readonly refuse?: string;
  readonly warn?: string;
} {
  const warn = disagreement(view, record);
  const warned = warn === undefined ? {} : { warn };
  if (signer === undefined) {
    return { ...warned, refuse: 'Nobody uses passkeys in this environment. Change it with `leasehold principals`.' };
  }
  if (signer.person === view.name) {
    return { ...warned, refuse: 'Nobody can change their own settings. Ask another administrator.' };
  }
  if (!record.valid)
    return { ...warned, refuse: 'The record is not valid. Do not sign anything until the cause is known.' };
  return warned;
}

/**
 * The settings in effect are not those of the last recorded change. A change is recorded before it takes effect, so this
 * can also mean that the last change failed halfway.
 */
function disagreement({ version, policy, groups }: PrincipalView, { acts, because }: VerifiedAdministration) {
  if (because !== undefined) return undefined;
  const recorded = acts.map(({ event }) => event.body).filter((body) => body.type === 'principal-set');
  const last = recorded.at(-1);
  if (version === 0) {
    return last === undefined
      ? undefined
      : 'The record contains a change, but the settings of the definitions are in effect.';
  }
  const isRecorded = recorded.some(
    (body) =>
      body.version === version &&
      body.after.policy === policy &&
      JSON.stringify(body.after.groups) === JSON.stringify(groups),
  );
  if (!isRecorded)
    return 'The settings in effect are not in the record. Somebody changed them in a way that the broker did not record.';
  return last?.version === version
    ? undefined
    : 'The last recorded change is not in effect. If the change is still wanted, make it again.';
}
