/**
 * `iam:PassRole`: passing a role to a service requires its own permission.
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

/** The permission that is needed to pass the role in a parameter to a service, if the parameter is present. */
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
