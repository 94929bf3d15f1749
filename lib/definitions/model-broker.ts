/** Types for the broker in the definitions: its reviewer, people, budgets and principals. */
import type { Locate } from './location';

/**
 * How the reviewer is used: not at all, to advise the approvers, or to decide. With `decide`, the lease is denied if
 * the reviewer denies it.
 */
export type ReviewerMode = 'off' | 'advise' | 'decide';

/** Who may request a role from the broker, and under which conditions. */
export interface BrokerRules {
  /** Number of humans who must approve; 0 for none. */
  readonly humans: number;
  /** Number of seconds within which the required humans must approve. */
  readonly windowSeconds: number;
  /** What happens if the reviewer fails: with `decide` the lease is denied, with `advise` a human decides. */
  readonly reviewer: ReviewerMode;
  /** The only identities that may request the role: agents by name and people by group, sorted. */
  readonly eligible: { readonly agents: readonly string[]; readonly groups: readonly string[] };
}

/** The model that reviews requests, and how it is called. */
export type Reviewer =
  /** Amazon Bedrock's Converse API, without a stored key. `model` is a model id or the id of an inference profile. */
  | { readonly provider: 'bedrock'; readonly model: string; readonly region: string; readonly timeoutSeconds: number }
  /** An OpenAI-compatible API at any address. */
  | {
      readonly provider: 'openai';
      readonly model: string;
      /** Base URL of the API, for example `https://api.openai.com/v1`. */
      readonly endpoint: string;
      /** Whether the API requires a key, which is stored in Secrets Manager. */
      readonly key: boolean;
      readonly timeoutSeconds: number;
    }
  | {
      readonly provider: 'anthropic';
      readonly model: string;
      /** Base URL of the API, for example `https://api.anthropic.com`. */
      readonly endpoint: string;
      readonly key: true;
      readonly timeoutSeconds: number;
    };

/** An issuer of tokens that prove on whose behalf a requester acts. */
export interface TokenIssuer {
  /** The exact `iss` of the token. */
  readonly issuer: string;
  /** The permitted values of a token's `aud` or `client_id` claim; never empty. */
  readonly audiences: readonly string[];
  /** The required `token_use` claim, for issuers whose tokens contain this claim. */
  readonly tokenUse?: 'id' | 'access';
  /** The only accepted signature algorithm. */
  readonly algorithm: 'RS256' | 'ES256';
  /** URL of the issuer's public keys. */
  readonly jwksUri: string;
  /** Claims to which parameters may be bound, in addition to `sub`. */
  readonly claims: readonly string[];
}

/** How people authenticate if they do not call the broker as IAM users. */
export type SignIn = CognitoSignIn | OidcSignIn;

/** A user pool that is deployed with the broker. Nobody can sign up, and everybody needs MFA. */
export interface CognitoSignIn {
  readonly type: 'cognito';
  /** Prefix of the address of the sign-in pages. */
  readonly domain: string;
  readonly passwordLength: number;
  /** How long an access token is valid. */
  readonly accessSeconds: number;
  /** Maximum time that a person stays signed in, in seconds. */
  readonly refreshSeconds: number;
  /** Permitted redirect URLs of the sign-in pages, in addition to the console's URL; sorted. */
  readonly redirects: readonly string[];
}

/** An existing OIDC issuer. All values are compared exactly. */
export interface OidcSignIn {
  readonly type: 'oidc';
  /** The exact `iss` claim of the issuer's tokens. */
  readonly issuer: string;
  readonly clientId: string;
  /** The `aud` claim of access tokens, or the `client_id` claim of tokens without `aud`. */
  readonly audience: string;
  /** The scope that every access token must contain. */
  readonly scope: string;
  /** The scope that clients request from the issuer, if it differs from `scope`. */
  readonly requestScope?: string;
  readonly nameClaim: string;
  readonly groupsClaim: string;
  readonly algorithm: TokenIssuer['algorithm'];
  readonly jwksUri: string;
  /** Maximum age of an access token in seconds, even if the token expires later. */
  readonly accessSeconds: number;
  /** The declared MFA enforcement: who enforces MFA at sign-in. */
  readonly mfa: { readonly by?: 'issuer'; readonly because?: string };
}

/** How people sign in, and what their groups permit. */
export interface People {
  readonly signIn: SignIn;
  /** Values of the groups claim, sorted. `*` means everybody who can sign in. */
  readonly groups: {
    readonly requester: '*' | readonly string[];
    readonly approver: readonly string[];
    readonly administrator: readonly string[];
  };
  /**
   * How signed-in people approve. If undefined, people can approve only as IAM users with an MFA code, and a sign-in
   * alone is not sufficient.
   */
  readonly approveWith?: 'passkey' | 'mfa';
}

/** The domain of the console and the API. */
export interface ConsoleDomain {
  readonly domain: string;
  readonly certificateArn: string;
  /** Address of the WebSocket of an assistant. If undefined, the console offers no chat. */
  readonly assistant?: string;
}

/** A maximum number of events in a period. The period is given in seconds. */
export interface Budget {
  readonly limit: number;
  readonly windowSeconds: number;
}

/** The broker of one environment. */
export interface Broker {
  /** The reviewer. If undefined, no model reviews requests. */
  readonly reviewer?: Reviewer;
  /**
   * The budgets of one requester. Denied requests have a separate budget, because an agent may repeat them in a loop.
   */
  readonly budgets: { readonly requests: Budget; readonly denials: Budget };
  /** Hours in UTC in which requests are accepted, as in {@link import('./model').Alerts.hours}. If undefined, any hour is accepted. */
  readonly hours?: { readonly from: number; readonly to: number };
  readonly subjects: readonly TokenIssuer[];
  /** How the broker revokes a single lease. If undefined, the broker uses tags of the role. */
  readonly revoke?: { readonly by: 'role-tags' | 'deny-policy' };
  /** How people sign in. If undefined, people call the broker only as IAM users. */
  readonly people?: People;
  /** The console's domain. If undefined, the console is at the API's URL. */
  readonly console?: ConsoleDomain;
  /** Locates a value of the broker document. */
  readonly locate: Locate;
}

/**
 * An identity, with the policy that the administrators wrote for this identity in the definitions. The broker's table
 * may contain a newer policy.
 */
export interface Principal {
  readonly kind: 'agent' | 'person';
  /** For an agent, its name in the project. For a person, the name of the IAM user, which is also the session name. */
  readonly name: string;
  /** Groups of a person, sorted; empty for an agent. */
  readonly groups: readonly string[];
  /** Whether a person may change the policies of principals. */
  readonly administrator: boolean;
  /** ARN of a person's IAM user. */
  readonly userArn?: string;
  /**
   * The name claim in the person's sign-in token, which links the IAM user with the sign-in account; `false` if the
   * person has no such account. If undefined, it is unknown whether the person has such an account.
   */
  readonly signIn?: string | false;
  /** Free text that the reviewer reads; may be empty. */
  readonly policy: string;
  /** Locates a value of the principal's document. */
  readonly locate: Locate;
}
