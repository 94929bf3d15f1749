/**
 * The permission `iam:PassRole`, which a caller needs to pass a role to a service.
 * Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_passrole.html
 */
import { NAME_ALPHABET, textOf } from '@leasehold/contract/text';
import { type ResourceKind, statedArn } from './resources';
import type { NeedRow } from './table';

const ROLE: ResourceKind = {
  service: 'iam',
  prefix: 'role/',
  name: textOf(`/${NAME_ALPHABET}`, 1, 576),
  place: { region: '' },
};

/** The permission to pass a role to a service. Needed only if the parameter that contains the role is present. */
export function passRole(parameter: string, service: string): readonly NeedRow[] {
  return [
    {
      action: 'iam:PassRole',
      on: ({ request, input }) => {
        const role = input.text(parameter);
        return role === undefined ? [] : [statedArn(request, ROLE, role)];
      },
      keys: () => ({ 'iam:PassedToService': service }),
    },
  ];
}
