/** The variables of the functions. None is a secret. */

/** Names of the variables, which `stack.ts` sets. */
export const VARIABLES = {
  issuer: 'ASSISTANT_ISSUER',
  clientId: 'ASSISTANT_CLIENT_ID',
  conversations: 'ASSISTANT_CONVERSATIONS_TABLE',
  connections: 'ASSISTANT_CONNECTIONS_TABLE',
  worker: 'ASSISTANT_WORKER_FUNCTION',
  runner: 'ASSISTANT_RUNNER_FUNCTION',
  endpoint: 'ASSISTANT_CONNECTIONS_ENDPOINT',
  broker: 'ASSISTANT_BROKER_URL',
  tables: 'ASSISTANT_TABLE_PREFIX',
  provider: 'ASSISTANT_MODEL_PROVIDER',
  model: 'ASSISTANT_MODEL',
  modelUrl: 'ASSISTANT_MODEL_URL',
  modelSecret: 'ASSISTANT_MODEL_SECRET',
} as const;

/** @throws {TypeError} if the variable is not set */
export function variable(name: keyof typeof VARIABLES): string {
  const value = process.env[VARIABLES[name]];
  if (value === undefined || value === '') throw new TypeError(`${VARIABLES[name]} is not set; deploy the whole stack`);
  return value;
}

/** Set by Lambda. */
export function region(): string {
  return process.env.AWS_REGION ?? '';
}
