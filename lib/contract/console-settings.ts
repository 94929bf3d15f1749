/** The data that the console and the command line need to sign a person in: the content of `console.json`. */
import * as z from 'zod';
import { DEPLOYED_ASSISTANT, LOCAL_ASSISTANT } from './assistant-address';

export { CONSOLE_SETTINGS_PATH } from './console-site';

/** The part of `console.json` that says where the assistant is. */
export const assistantSettings = z
  .strictObject({
    address: z
      .string()
      .max(500)
      .refine((address) => DEPLOYED_ASSISTANT.test(address) || LOCAL_ASSISTANT.test(address), {
        message: 'must be wss:// with one host name, or ws:// on the loopback interface',
      })
      .describe('The address of the WebSocket.'),
  })
  .readonly();
export type AssistantSettings = z.infer<typeof assistantSettings>;

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
