/** Resolves a reviewer for deployment. The reviewer's model must be literal, without wildcards. */
import { type Complaint, shown } from './complaints';
import type { Environment, Reviewer } from './model';
import { partitionOf } from './resolve-environment';
import { seconds } from './schema-parts';
import type { ReviewerYaml } from './schema-reviewer';

/** The context for resolving a reviewer. Keys are those of the reviewer document. */
interface Context {
  readonly environment: Pick<Environment, 'partition' | 'region'>;
  /** Replaces variables; undefined if an error was reported. */
  readonly put: (key: string, text: string) => string | undefined;
  /** Resolves the text at a key to a valid URL. */
  readonly address: (key: string, text: string) => string | undefined;
  readonly complain: (key: string, complaint: Complaint) => void;
}

/** The reviewer, or undefined if the reviewer has an error. */
export function resolveReviewer(yaml: ReviewerYaml, context: Context): Reviewer | undefined {
  const timeoutSeconds = seconds(yaml.timeout ?? '10s');
  const model = modelOf(yaml, context);
  if (yaml.provider === 'bedrock') {
    const region = regionOf(yaml, context);
    if (model === undefined) return undefined;
    checkArn(model, region, context);
    return { provider: 'bedrock', model, region, timeoutSeconds };
  }
  const standard = yaml.provider === 'openai' ? 'https://api.openai.com/v1' : 'https://api.anthropic.com';
  const written = yaml.endpoint === undefined ? standard : context.address('endpoint', yaml.endpoint);
  if (model === undefined || written === undefined) return undefined;
  const endpoint = written.replace(/\/+$/, '');
  return yaml.provider === 'openai'
    ? { provider: 'openai', model, endpoint, key: yaml.key ?? true, timeoutSeconds }
    : { provider: 'anthropic', model, endpoint, key: true, timeoutSeconds };
}

/**
 * The model. A Bedrock model becomes a resource in the broker's policy, so the definition must name exactly one
 * model. Source: https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_Converse.html (modelId)
 */
function modelOf(yaml: ReviewerYaml, { put, complain }: Context): string | undefined {
  const model = put('model', yaml.model);
  if (model === undefined || /^[A-Za-z0-9][A-Za-z0-9._:/@-]{0,255}$/.test(model)) return model;
  complain('model', {
    id: 'model-format',
    message: `${shown(model)} is not the name of one model.`,
    expected: '1 to 256 letters, digits and `. _ : / @ -`',
    hint: "Write the model's name as its provider spells it.",
  });
  return undefined;
}

function regionOf({ region }: { region?: string | undefined }, { environment, complain }: Context): string {
  if (region === undefined) return environment.region;
  const partition = partitionOf(region);
  if (partition !== environment.partition) {
    complain('region', {
      id: 'partition-mismatch',
      message: `The region \`${region}\` is in the partition \`${partition}\`, not in the environment's.`,
      expected: `a region of \`${environment.partition}\``,
      hint: 'Write a region of the same partition.',
    });
  }
  return region;
}

/**
 * The ARN's region must be the region in which Bedrock is called, because Bedrock does not find models in other
 * regions.
 */
function checkArn(model: string, region: string, { environment, complain }: Context): void {
  if (!model.startsWith('arn:')) return;
  const start = `arn:${environment.partition}:bedrock:${region}:`;
  if (model.startsWith(start)) return;
  complain('model', {
    id: 'model-format',
    message: `${shown(model)} is not a Bedrock model in \`${region}\`.`,
    expected: `an ARN that begins with \`${start}\`, or an id`,
    hint: 'Set `region`, or write the id of a model or an inference profile in this region.',
  });
}
