/**
 * Calls by which somebody else could do what a broker does, by the part of it that they are made on. `docs/threat-model.md`
 * says what each means.
 */

import { CHANGE_ITEM } from './names';
import { ADD_ITEM, CHANGE_BY_PARTIQL, MAKE_MAC } from './record-key';

/** A part of a broker that gives power over it. */
export type BrokerPart = 'function' | 'code' | 'role' | 'records' | 'key';

export const BROKER_POWERS: Readonly<Record<BrokerPart, readonly string[]>> = {
  /** Calling the function, with an event of one's own making, or letting others call it. */
  function: ['lambda:AddPermission', 'lambda:InvokeAsync', 'lambda:InvokeFunction', 'lambda:InvokeFunctionUrl'],
  /** Deciding what the function runs. */
  code: ['lambda:UpdateFunctionCode', 'lambda:UpdateFunctionConfiguration'],
  /** Running something else with the function's role. */
  role: ['iam:PassRole', 'iam:UpdateAssumeRolePolicy'],
  /** Writing records, or taking away what keeps others from it. */
  records: [
    ...ADD_ITEM,
    ...CHANGE_ITEM,
    ...CHANGE_BY_PARTIQL,
    'dynamodb:DeleteResourcePolicy',
    'dynamodb:PutResourcePolicy',
    'dynamodb:UpdateTimeToLive',
  ],
  /** Authenticating records, or letting others do it. */
  key: [MAKE_MAC, 'kms:CreateGrant', 'kms:PutKeyPolicy'],
};
