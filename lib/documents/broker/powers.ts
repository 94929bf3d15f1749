/**
 * The actions that give another identity control over the broker, by the part of the broker they affect.
 * `docs/threat-model.md` describes the effect of each action.
 */

import { CHANGE_ITEM } from './names';
import { ADD_ITEM, CHANGE_BY_PARTIQL, MAKE_MAC } from './record-key';

/** A part of a broker through which the broker can be controlled. */
export type BrokerPart = 'function' | 'code' | 'role' | 'records' | 'key';

export const BROKER_POWERS: Readonly<Record<BrokerPart, readonly string[]>> = {
  /** Calling the function with a forged event, or permitting others to call it. */
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
  /** Generating MACs for records, or permitting others to do so. */
  key: [MAKE_MAC, 'kms:CreateGrant', 'kms:PutKeyPolicy'],
};
