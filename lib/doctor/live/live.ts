/** The live account. Data that several verifications need is read only once. */
import type { Aws } from '../aws/aws';
import { present } from '../unread';
import { type Authorization, type LiveIdentity, readAuthorization } from './authorization';
import { documentText } from './decode';

export class Live {
  readonly aws: Aws;
  readonly #policies = new Map<string, Promise<string>>();
  #authorization: Promise<Authorization> | undefined;
  readonly #functions = new Map<string, Promise<readonly LiveFunction[]>>();
  #sessionLengths: Promise<ReadonlyMap<string, number>> | undefined;

  constructor(aws: Aws) {
    this.aws = aws;
  }

  /** All identities and their policies. @throws Unread */
  authorization(): Promise<Authorization> {
    this.#authorization ??= readAuthorization(this.aws);
    return this.#authorization;
  }

  /** The user or role with this name; `undefined` if it does not exist. @throws Unread */
  async identity(kind: 'user' | 'role', name: string): Promise<LiveIdentity | undefined> {
    const { users, roles } = await this.authorization();
    return (kind === 'user' ? users : roles).get(name);
  }

  /**
   * The text of a managed policy's default version. AWS-managed policies are read separately. Customer-managed policies
   * are read together with the identities. If the policy does not exist, the result is an empty string.
   * @throws Unread
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
    if (found === undefined) return '';
    const VersionId = present(found.Policy?.DefaultVersionId, 'DefaultVersionId', 'iam:GetPolicy');
    const version = await this.aws.call('iam', 'GetPolicyVersion', { PolicyArn, VersionId });
    return documentText(present(version.PolicyVersion?.Document, 'Document', 'iam:GetPolicyVersion'));
  }

  /**
   * The maximum session duration of each role in seconds, by the role's name. `GetAccountAuthorizationDetails` does not
   * return this duration.
   * @throws Unread
   */
  sessionLengths(): Promise<ReadonlyMap<string, number>> {
    this.#sessionLengths ??= this.aws
      .list('Roles', 'iam', 'ListRoles', { MaxItems: 1000 })
      .then(
        (roles) =>
          new Map(
            roles.map(({ RoleName, MaxSessionDuration }) => [
              present(RoleName, 'RoleName', 'iam:ListRoles'),
              present(MaxSessionDuration, 'MaxSessionDuration', 'iam:ListRoles'),
            ]),
          ),
      );
    return this.#sessionLengths;
  }

  /** All functions of a region, each with all of its published versions. @throws Unread */
  functions(region: string): Promise<readonly LiveFunction[]> {
    const known = this.#functions.get(region) ?? readFunctions(this.aws, region);
    this.#functions.set(region, known);
    return known;
  }

  /** The regions that are enabled in the account. @throws Unread */
  async regions(): Promise<readonly string[]> {
    const regions = await this.aws.list('Regions', 'account', 'ListRegions', { MaxResults: 50 });
    const of = <T>(value: T | undefined, field: string) => present(value, field, 'account:ListRegions');
    return regions
      .filter(({ RegionOptStatus }) => of(RegionOptStatus, 'RegionOptStatus') !== 'DISABLED')
      .map(({ RegionName }) => of(RegionName, 'RegionName'));
  }
}

/** A version of a Lambda function. */
export interface LiveFunction {
  readonly name: string;
  /** ARN of the function, with a version number for a published version and without a version number for `$LATEST`. */
  readonly arn: string;
  /** `$LATEST`, or the number of a published version. */
  readonly version: string;
  readonly role: string;
  /** SHA-256 of the function's code, in base64. */
  readonly code: string;
}

async function readFunctions(aws: Aws, region: string): Promise<readonly LiveFunction[]> {
  const functions = await aws.list('Functions', 'lambda', 'ListFunctions', { FunctionVersion: 'ALL' }, region);
  const of = <T>(value: T | undefined, field: string) => present(value, field, 'lambda:ListFunctions');
  return functions.map(({ FunctionName, FunctionArn, Version, Role, CodeSha256 }) => ({
    name: of(FunctionName, 'FunctionName'),
    arn: of(FunctionArn, 'FunctionArn').replace(/:\$LATEST$/, ''),
    version: of(Version, 'Version'),
    role: of(Role, 'Role'),
    code: of(CodeSha256, 'CodeSha256'),
  }));
}
