/** The schema of the name of a claim in a token. */
import * as z from 'zod';
import { say } from './schema-parts';

const CLAIM = 'the name of a claim: 1 to 128 letters, digits and `_ : . / @ -`, from a letter on';

/** The name of a claim. */
export const claimName = z
  .string(say(CLAIM, 'Write the name of a claim.'))
  .regex(/^[A-Za-z][A-Za-z0-9_:./@-]{0,127}$/, say(CLAIM, 'Write the name of a claim.'));
