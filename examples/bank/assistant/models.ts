/** The model, by its provider. Each provider is a package that you install; none is a dependency. */
import type { LanguageModel } from 'ai';

/** Which model answers. */
export interface ModelSettings {
  readonly provider: 'bedrock' | 'openai-compatible' | 'anthropic';
  /** Id of the model at the provider. */
  readonly model: string;
  /** Address before `/chat/completions`. Only for `openai-compatible`. */
  readonly url?: string;
  /** Only for `openai-compatible` and `anthropic`. Bedrock uses the identity of the function. */
  readonly apiKey?: string;
}

/** Package and export of each provider: https://ai-sdk.dev/providers/ai-sdk-providers */
export const PROVIDERS = {
  bedrock: { package: '@ai-sdk/amazon-bedrock', create: 'createAmazonBedrock' },
  'openai-compatible': { package: '@ai-sdk/openai-compatible', create: 'createOpenAICompatible' },
  anthropic: { package: '@ai-sdk/anthropic', create: 'createAnthropic' },
} as const;

type Create = (settings: object) => (model: string) => LanguageModel;

/**
 * @param load Loads a package. A bundle contains the package of one provider.
 * @throws {Error} if the package is not installed
 */
export async function modelOf(
  { provider, model, url, apiKey }: ModelSettings,
  load: (name: string) => Promise<Record<string, unknown>> = (name) => import(name),
): Promise<LanguageModel> {
  const { package: name, create } = PROVIDERS[provider];
  const loaded = await load(name).catch(() => {
    throw new Error(`${name} is not installed. Run: npm install ${name}`);
  });
  const settings =
    provider === 'openai-compatible'
      ? { name: 'assistant', baseURL: url, apiKey }
      : provider === 'anthropic'
        ? { apiKey }
        : await bedrockSettings();
  return (loaded[create] as Create)(settings)(model);
}

/** Bedrock with the function's own role: https://ai-sdk.dev/providers/ai-sdk-providers/amazon-bedrock */
async function bedrockSettings(): Promise<object> {
  const { defaultProvider } = await import('@aws-sdk/credential-provider-node');
  return { region: process.env.AWS_REGION, credentialProvider: defaultProvider() };
}
