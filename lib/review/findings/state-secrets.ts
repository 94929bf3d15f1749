/** Finds credentials that Terraform creates and therefore stores in its state. */
import type { WatchedType } from '../types/watched-types';
import { valueAt } from './attributes';
import { type Check, type FindingKind, finding } from './finding';

const kind: FindingKind = {
  id: 'access-key-in-state',
  title: 'Terraform creates credentials and keeps them in its state',
  severities: ['high', 'medium'],
  why: 'Anyone who can read the Terraform state gets these credentials, which never expire.',
  hint: 'Create the credentials outside Terraform. Preferably, let the workload use a role instead.',
};

export const stateSecrets: Check = {
  kinds: [kind],
  *find({ watched }) {
    for (const { before, after } of watched) {
      if (after === undefined) continue;
      const words = WORDS[after.type];
      if (words === undefined) continue;
      // An existing credential counts as changed only if it belongs to another identity or was enabled again.
      const same = (name: string) => valueAt(before?.values, name) === valueAt(after.values, name);
      if (before !== undefined && same('user') && same('status') && same('pgp_key')) continue;
      const encrypted = typeof valueAt(after.values, 'pgp_key') === 'string';
      yield finding(kind, {
        place: after.place,
        severity: encrypted ? 'medium' : 'high',
        message: `${after.place.address} makes ${words}${encrypted ? ', encrypted with a PGP key' : ''}.`,
      });
    }
  },
};

const WORDS: Readonly<Partial<Record<WatchedType, string>>> = {
  aws_iam_access_key: 'a permanent access key',
  aws_iam_user_login_profile: 'a console password',
  aws_iam_service_specific_credential: 'permanent credentials for a service',
  aws_iam_virtual_mfa_device: 'the seed of an MFA device',
  aws_iam_signing_certificate: 'a signing certificate',
};
