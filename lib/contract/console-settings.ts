/** The data that the console and the command line need to sign a person in: the content of `console.json`. */
import * as z from 'zod';
import { assistantSettings } from './assistant-address';

export { CONSOLE_SETTINGS_PATH } from './console-site';

/** The settings. They contain no secret. */
export const consoleSettings = z
  .strictObject({
    issuer: z
      .string()
      .max(500)
      .regex(/^https?:\/\/[^\s?#]+$/)
      .describe('The issuer of the tokens. The discovery document of the issuer contains all other addresses.'),
    clientId: z.string().min(1).max(200).describe('Id of the public client at the issuer.'),
    scope: z.string().min(1).max(500).describe('The scopes to request, separated by spaces.'),
    assistant: assistantSettings.optional().describe('Where the assistant is. Absent: there is none.'),
  })
  .readonly();
export type ConsoleSettings = z.infer<typeof consoleSettings>;
