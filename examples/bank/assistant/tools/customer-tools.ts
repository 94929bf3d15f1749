/** Tools for customers. None has an input for the customer: the broker takes the customer from the token. */
import * as z from 'zod';
import { type BankTool, bankTool, type LeaseOrder, reason, type Scope } from './bank-tool';

/** A lease that is bound to the customer who signed in. */
function bound(role: string, action: string): LeaseOrder {
  return { as: 'assistant', role, parameters: {}, actions: [action] };
}

/** The customer to whom the broker bound the lease. */
function customerOf({ customer }: Scope): { readonly customer: string } {
  if (customer === undefined) throw new TypeError('the lease is not bound to a customer');
  return { customer };
}

export const customerTools: readonly BankTool[] = [
  bankTool({
    name: 'read_transactions',
    description: 'Reads the transactions of the customer who is signed in.',
    kinds: ['customer'],
    input: z.strictObject({
      reason,
      month: z
        .string()
        .regex(/^20[0-9]{2}-(?:0[1-9]|1[0-2])$/)
        .optional()
        .describe('For example 2026-10. Default: all months.'),
    }),
    summary: ({ month }) => (month === undefined ? 'Your transactions' : `Your transactions of ${month}`),
    order: () => bound('customer-transactions', 'dynamodb:Query'),
    work: (tables, scope, { month }) =>
      tables.query(
        'transactions',
        customerOf(scope),
        month === undefined ? undefined : { attribute: 'booking', value: month },
      ),
  }),
  bankTool({
    name: 'read_balances',
    description: 'Reads the balances of all accounts of the customer who is signed in.',
    kinds: ['customer'],
    input: z.strictObject({ reason }),
    summary: () => 'Your balances',
    order: () => bound('customer-balance', 'dynamodb:Query'),
    work: (tables, scope) => tables.query('balances', customerOf(scope)),
  }),
  bankTool({
    name: 'read_profile',
    description: 'Reads the profile (name, city, phone) of the customer who is signed in.',
    kinds: ['customer'],
    input: z.strictObject({ reason }),
    summary: () => 'Your profile',
    order: () => bound('customer-profile', 'dynamodb:GetItem'),
    work: (tables, scope) => tables.get('customer-profiles', customerOf(scope)),
  }),
];
