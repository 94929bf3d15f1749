/** Tools for the bank's staff. Each asks the broker as the person: their groups and policies decide. */
import { lineOf } from '@leasehold/contract/text';
import * as z from 'zod';
import { type BankTool, bankTool, reason } from './bank-tool';

const department = z.enum(['branches', 'it', 'payments', 'risk', 'support']);
const person = z.enum(['ada', 'emil', 'nora', 'sami']);
/** One line that an approver reads completely: the command of a request has no line breaks and nothing invisible. */
const policyText = z.string().regex(lineOf(20, 1500)).describe('The policy as one line of 20 to 1,500 characters.');

export const staffTools: readonly BankTool[] = [
  bankTool({
    name: 'read_support_request',
    description: 'Reads one support request with its messages, by its number.',
    kinds: ['employee', 'administrator'],
    input: z.strictObject({ reason, request: z.string().regex(/^sr-[0-9]{1,8}$/) }),
    summary: ({ request }) => `Support request ${request}`,
    order: ({ request }) => ({
      as: 'person',
      role: 'support-request',
      parameters: { request },
      actions: ['dynamodb:Query'],
    }),
    work: (tables, _, { request }) => tables.query('support-requests', { request }),
  }),
  bankTool({
    name: 'read_daily_report',
    description: 'Reads the daily totals of one month: sums over all customers.',
    kinds: ['employee', 'administrator'],
    input: z.strictObject({ reason, month: z.string().regex(/^20[0-9]{2}-(?:0[1-9]|1[0-2])$/) }),
    summary: ({ month }) => `Daily totals of ${month}`,
    order: ({ month }) => ({ as: 'person', role: 'daily-report', parameters: { month } }),
    work: (tables, _, { month }) => tables.query('daily-totals', { month }),
  }),
  bankTool({
    name: 'look_up_staff',
    description: 'Looks up who works in one department, and in which groups.',
    kinds: ['employee', 'administrator'],
    input: z.strictObject({ reason, department }),
    summary: ({ department: name }) => `Staff of ${name}`,
    order: ({ department: name }) => ({
      as: 'person',
      role: 'user-directory',
      parameters: { department: name },
      actions: ['dynamodb:Query'],
    }),
    work: (tables, _, { department: name }) => tables.query('user-directory', { department: name }),
  }),
  bankTool({
    name: 'draft_policy',
    description:
      'Writes a draft of the free-text policy of one person. Other people approve the exact text first. The draft takes effect when an administrator signs it in the console.',
    kinds: ['administrator'],
    input: z.strictObject({ reason, person, policy: policyText }),
    summary: ({ person: name }) => `Draft of the policy of ${name}`,
    order: ({ person: name, policy }) => ({
      as: 'person',
      role: 'policy-draft',
      parameters: { person: name },
      command: `Write this draft of the policy of ${name}: ${policy}`,
    }),
    work: async (tables, _, { person: name, policy }) => {
      const row = { person: name, version: new Date().toISOString(), policy };
      await tables.add('policy-drafts', row, ['person', 'version']);
      return [row];
    },
  }),
  bankTool({
    name: 'create_user',
    description: 'Adds a person to the user directory. Other people approve the exact entry first.',
    kinds: ['administrator'],
    input: z.strictObject({
      reason,
      department,
      user: z.string().regex(/^[a-z]{2,20}$/),
      name: z.string().regex(/^\p{L}[\p{L} .'-]{1,60}$/u),
    }),
    summary: ({ user, department: where }) => `Add ${user} to ${where}`,
    order: ({ department: where, user, name }) => ({
      as: 'person',
      role: 'user-create',
      parameters: { department: where },
      command: `Add the user ${user} (${name}) to the department ${where}, without any group.`,
    }),
    work: async (tables, _, { department: where, user, name }) => {
      const row = { department: where, user, name };
      await tables.add('user-directory', row, ['department', 'user']);
      return [row];
    },
  }),
];
