/** A question for tests, and an answer to it. */
import type { ReviewerQuestion } from '../../../../lib/broker/verdict/question';

/** What an agent wrote, which no error may repeat. */
export const PROSE = 'Read the transactions of the customer who is on the line';
/** The key of the reviewer's interface, which no error may repeat. */
export const KEY = 'sk-test-3f9a77c1e0';

export const QUESTION: ReviewerQuestion = {
  requester: { kind: 'agent', name: 'assistant', groups: [] },
  subject: 'customer-7',
  policy: 'Serves the signed-in customer. Never other customers.',
  roles: [
    {
      name: 'own-transactions',
      purpose: 'Read the transactions of the signed-in customer.',
      access: 'read',
      actions: ['dynamodb:GetItem', 'dynamodb:Query'],
      parameters: {},
      maxMinutes: 15,
    },
    {
      name: 'deploy',
      purpose: 'Upload the files of one release.',
      access: 'write',
      actions: ['s3:PutObject'],
      parameters: { release: { description: 'Release, for example 1.4.2', pattern: '[0-9]+\\.[0-9]+\\.[0-9]+' } },
      maxMinutes: 30,
    },
  ],
  untrusted: { reason: PROSE },
};

export const ANSWER = {
  decision: 'allow',
  role: 'deploy',
  actions: ['s3:PutObject'],
  parameters: { release: '1.4.2' },
  minutes: 5,
  risk: 'medium',
  sentence: 'Uploads the files of release 1.4.2.',
};
