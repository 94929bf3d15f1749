/**
 * The actions with which another identity can gain control over the broker, grouped by the affected part of the broker.
 * `docs/threat-model.md` describes the effect of each action.
 */

import { CHANGE_ITEM } from './names';
import { ADD_ITEM, CHANGE_BY_PARTIQL, MAKE_MAC } from './record-key';

/** A part of a broker. An identity that controls this part controls the broker. */
export type BrokerPart = 'function' | 'code' | 'role' | 'console' | 'records' | 'key';

export const BROKER_POWERS: Readonly<Record<BrokerPart, readonly string[]>> = {
  /** Calling the function with a forged event, or permitting other identities to call the function. */
  function: ['lambda:AddPermission', 'lambda:InvokeAsync', 'lambda:InvokeFunction', 'lambda:InvokeFunctionUrl'],
  /** Changing the code or the configuration of the function. */
  code: ['lambda:UpdateFunctionCode', 'lambda:UpdateFunctionConfiguration'],
  /** Running other code with the function's role. */
  role: ['iam:PassRole', 'iam:UpdateAssumeRolePolicy'],
  /** Changing the page on which people sign approvals. */
  console: ['lambda:UpdateFunctionCode', 'lambda:UpdateFunctionConfiguration'],
  /** Writing records, or removing the protection of the records. */
  records: [
    ...ADD_ITEM,
    ...CHANGE_ITEM,
    ...CHANGE_BY_PARTIQL,
    'dynamodb:DeleteResourcePolicy',
    'dynamodb:PutResourcePolicy',
    'dynamodb:UpdateTimeToLive',
  ],
  /** Generating MACs for records, or permitting other identities to generate such MACs. */
  key: [MAKE_MAC, 'kms:CreateGrant', 'kms:PutKeyPolicy'],
};
