/** How the reviewer is used for requests for a role. */
import * as z from 'zod';

export const reviewer = z
  .enum(['off', 'advise', 'decide'])
  .describe('Unless `off`, the reviewer can ask for one more approval than the role requires, or deny the request.');
