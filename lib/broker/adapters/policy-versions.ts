/** Reads and replaces the document of one customer-managed policy. */
import {
  CreatePolicyVersionCommand,
  DeletePolicyVersionCommand,
  GetPolicyVersionCommand,
  type IAMClient,
  ListPolicyVersionsCommand,
  type PolicyVersion,
} from '@aws-sdk/client-iam';
import { COUNT_QUOTAS, type PolicyDocument } from '@leasehold/policy';
import { Refused, Unavailable } from '../port-errors';
import { failed, nameOf } from './fault';
import { retried } from './retried';

/** Maximum number of versions of a policy. */
const MOST_VERSIONS = COUNT_QUOTAS.versionsPerManagedPolicy.value;

/** The versions of one policy. */
export class PolicyVersions {
  readonly #client: () => IAMClient;
  readonly #arn: string;
  readonly #pause: (milliseconds: number) => Promise<void>;

  /** @param client Creates the client. Called when the client is first needed. */
  constructor(client: () => IAMClient, arn: string, pause: (milliseconds: number) => Promise<void>) {
    this.#client = client;
    this.#arn = arn;
    this.#pause = pause;
  }

  /**
   * The document of the default version. For some seconds after a write, IAM may still return the earlier document.
   * @returns `undefined` for a policy that does not exist, and for a document that is not JSON
   * @throws {Refused} {@link Unavailable}
   */
  async current(): Promise<PolicyDocument | undefined> {
    const versions = await this.#list();
    const inForce = versions.find(({ IsDefaultVersion: isDefault }) => isDefault === true)?.VersionId;
    if (inForce === undefined) return undefined;
    try {
      const command = new GetPolicyVersionCommand({ PolicyArn: this.#arn, VersionId: inForce });
      const { PolicyVersion: version } = await this.#client().send(command);
      return parsed(version?.Document);
    } catch (error) {
      if (isGone(error)) return undefined;
      throw failed('iam:GetPolicyVersion', error);
    }
  }

  /**
   * Makes a document the default version of the policy. Removes the oldest version if there are too many versions.
   * @throws {Refused} {@link Unavailable}
   */
  async write(document: PolicyDocument): Promise<void> {
    const command = new CreatePolicyVersionCommand({
      PolicyArn: this.#arn,
      PolicyDocument: JSON.stringify(document),
      SetAsDefault: true,
    });
    const send = async () => {
      await this.#makeRoom();
      await this.#client().send(command);
    };
    try {
      await retried(send, isContended, this.#pause);
    } catch (error) {
      // If the list of versions failed, the error already names its own call.
      if (error instanceof Refused || error instanceof Unavailable) throw error;
      throw failed('iam:CreatePolicyVersion', error);
    }
  }

  async #makeRoom(): Promise<void> {
    const versions = await this.#list();
    if (versions.length < MOST_VERSIONS) return;
    const [oldest] = versions.filter(({ IsDefaultVersion: isDefault }) => isDefault !== true).sort(byAge);
    if (oldest === undefined) return;
    try {
      await this.#client().send(new DeletePolicyVersionCommand({ PolicyArn: this.#arn, VersionId: oldest.VersionId }));
    } catch (error) {
      // Another call already removed the version.
      if (!isGone(error)) throw error;
    }
  }

  async #list(): Promise<readonly PolicyVersion[]> {
    try {
      const { Versions: versions = [] } = await this.#client().send(
        new ListPolicyVersionsCommand({ PolicyArn: this.#arn }),
      );
      return versions;
    } catch (error) {
      if (isGone(error)) return [];
      throw failed('iam:ListPolicyVersions', error);
    }
  }
}

/** Compares versions by age. Version ids are `v1`, `v2` and so on. */
function byAge(one: PolicyVersion, other: PolicyVersion): number {
  return numberOf(one) - numberOf(other);
}

function numberOf({ VersionId: id = '' }: PolicyVersion): number {
  return Number(id.slice(1));
}

function isGone(error: unknown): boolean {
  return nameOf(error).startsWith('NoSuchEntity');
}

/** Whether another call wrote or removed a version at the same time. */
function isContended(error: unknown): boolean {
  return /^(LimitExceeded|DeleteConflict|ConcurrentModification)/.test(nameOf(error));
}

/** Parses a document. IAM returns documents URL-encoded (RFC 3986). */
function parsed(encoded: string | undefined): PolicyDocument | undefined {
  try {
    return JSON.parse(decodeURIComponent(encoded ?? ''));
  } catch {
    return undefined;
  }
}
