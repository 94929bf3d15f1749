/**
 * The actions that give somebody else the power of a broker, by the part of the broker that they act on.
 * `docs/threat-model.md` describes the effect of each.
 */

import { CHANGE_ITEM } from './names';
import { ADD_ITEM, CHANGE_BY_PARTIQL, MAKE_MAC } from './record-key';

/** A part of a broker that gives power over the broker. */
export type BrokerPart = 'function' | 'code' | 'role' | 'records' | 'key';

export const BROKER_POWERS: Readonly<Record<BrokerPart, readonly string[]>> = {
  /** Calling the function with an invented event, or letting others call it. */
  function: ['lambda:AddPermission', 'lambda:InvokeAsync', 'lambda:InvokeFunction', 'lambda:InvokeFunctionUrl'],
  /** Changing the code or the configuration of the function. */
  code: ['lambda:UpdateFunctionCode', 'lambda:UpdateFunctionConfiguration'],
  /** Running other code with the function's role. */
  role: ['iam:PassRole', 'iam:UpdateAssumeRolePolicy'],
  /** Writing records, or removing the protection of the records. */
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
