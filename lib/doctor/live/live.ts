/** The live account: what several verifications read, each read once. */
import type { Aws } from '../aws/aws';
import { type Authorization, type LiveIdentity, readAuthorization } from './authorization';
import { documentText } from './decode';

export class Live {
  readonly aws: Aws;
  readonly #policies = new Map<string, Promise<string>>();
  #authorization: Promise<Authorization> | undefined;
  #sessionLengths: Promise<ReadonlyMap<string, number>> | undefined;

  constructor(aws: Aws) {
    this.aws = aws;
  }

  /** All identities and their policies. @throws Unread */
  authorization(): Promise<Authorization> {
    this.#authorization ??= readAuthorization(this.aws);
    return this.#authorization;
  }

  /** The user or role of a name; `undefined` if there is none. @throws Unread */
  async identity(kind: 'user' | 'role', name: string): Promise<LiveIdentity | undefined> {
    const { users, roles } = await this.authorization();
    return (kind === 'user' ? users : roles).get(name);
  }

  /**
   * The text of a managed policy's default version. AWS's own policies are read one by one, the others with the
   * identities; an empty text if there is no such policy. @throws Unread
   */
  async policyText(arn: string): Promise<string> {
    const local = (await this.authorization()).policies.get(arn);
    if (local !== undefined) return local;
    const known = this.#policies.get(arn) ?? this.#readPolicy(arn);
    this.#policies.set(arn, known);
    return known;
  }

  async #readPolicy(PolicyArn: string): Promise<string> {
    const found = await this.aws.find('iam', 'GetPolicy', { PolicyArn });
    if (found?.Policy === undefined) return '';
    const { DefaultVersionId: VersionId } = found.Policy;
    const version = await this.aws.find('iam', 'GetPolicyVersion', { PolicyArn, VersionId });
    return documentText(version?.PolicyVersion?.Document);
  }

  /**
   * The longest session of each role in seconds, by the role's name: `GetAccountAuthorizationDetails` does not contain
   * it. @throws Unread
   */
  sessionLengths(): Promise<ReadonlyMap<string, number>> {
    this.#sessionLengths ??= this.aws
      .all('iam', 'ListRoles', { MaxItems: 1000 })
      .then(
        (pages) =>
          new Map(
            pages.flatMap(({ Roles = [] }) =>
              Roles.map(({ RoleName = '', MaxSessionDuration = 3600 }) => [RoleName, MaxSessionDuration] as const),
            ),
          ),
      );
    return this.#sessionLengths;
  }
}
