/** Actions that return credentials: keys, tokens, passwords, signed links, decrypted secrets. */
import { api, described, documented, listed, type SourcedAction } from './sources';

/**
 * Actions in cloudsplaining's list of actions that return credentials. Actions that also escalate privileges are in
 * the escalation list instead.
 */
const PUBLISHED: readonly SourcedAction[] = [
  listed('airflow:CreateCliToken', 'Returns a token for the environment.'),
  listed('airflow:CreateWebLoginToken', 'Returns a login to the environment.'),
  listed('appsync:CreateApiKey', 'Returns a new API key.'),
  listed('chime:CreateApiKey', 'Returns a new API key.'),
  listed('cloud9:CreateEnvironmentToken', "Returns a token of the environment's user."),
  listed('codeartifact:GetAuthorizationToken', 'Returns a token for the packages.'),
  listed('codepipeline:PollForJobs', 'Returns credentials for the artefact bucket.'),
  listed('cognito-identity:GetCredentialsForIdentity', 'Returns AWS credentials.'),
  listed('cognito-identity:GetOpenIdToken', 'Returns a token that can be exchanged for AWS credentials.'),
  listed(
    'cognito-identity:GetOpenIdTokenForDeveloperIdentity',
    'Returns a token that can be exchanged for AWS credentials, for any identity.',
  ),
  listed('connect:GetFederationToken', 'Returns a login to the contact centre.'),
  listed('ec2:GetPasswordData', "Returns the Windows administrator's password."),
  listed('ecr:GetAuthorizationToken', 'Returns a token for the registries.'),
  listed('ecr-public:GetAuthorizationToken', 'Returns a token for the registries.'),
  listed('emr-containers:GetManagedEndpointSessionCredentials', 'Returns credentials for the endpoint.'),
  listed('finspace-api:GetProgrammaticAccessCredentials', 'Returns AWS credentials.'),
  listed('gamelift:GetComputeAuthToken', 'Returns a token of the game server.'),
  listed('gamelift:GetInstanceAccess', 'Returns a login to the game server.'),
  listed('gamelift:RequestUploadCredentials', 'Returns AWS credentials.'),
  listed('grafana:CreateWorkspaceApiKey', 'Returns a new API key.'),
  listed('license-manager:GetAccessToken', 'Returns a token that can be exchanged for a role session.'),
  listed('lightsail:CreateBucketAccessKey', 'Returns a permanent key to the bucket.'),
  listed('lightsail:DownloadDefaultKeyPair', 'Returns the private SSH key.'),
  listed('lightsail:GetInstanceAccessDetails', 'Returns keys and passwords of a machine.'),
  listed('lightsail:GetRelationalDatabaseMasterUserPassword', "Returns the database's master password."),
  listed('mediapackage:RotateChannelCredentials', 'Returns new ingest credentials.'),
  listed('mediapackage:RotateIngestEndpointCredentials', 'Returns new ingest credentials.'),
  listed('rds-db:connect', 'Logs in to the database as the user that the resource ARN names.'),
  listed('redshift:GetClusterCredentials', 'Returns a database password for any user.'),
  listed('redshift:GetClusterCredentialsWithIAM', 'Returns a database password.'),
  listed('redshift-serverless:GetCredentials', 'Returns a database password.'),
  listed('sts:GetFederationToken', 'Returns AWS credentials for up to 36 hours.'),
  listed('sts:GetSessionToken', 'Returns AWS credentials for up to 36 hours.'),
];

const AWS_ACCESS: readonly SourcedAction[] = [
  described('sts:GetWebIdentityToken', "Returns a token that proves the caller's identity to other systems."),
  described('sts:GetDelegatedAccessToken', 'Returns a delegated token.'),
  described('signin:CreateOAuth2Token', 'Returns AWS credentials.'),
  described('sso-oauth:CreateTokenWithIAM', 'Returns a token of a signed-in user.'),
  {
    action: 'eks-auth:AssumeRoleForPodIdentity',
    source: api('eks-auth', 'auth_AssumeRoleForPodIdentity'),
    why: 'Returns the AWS credentials of a pod.',
  },
  described('datazone:GetEnvironmentCredentials', 'Returns AWS credentials.'),
  described('datazone:GetDomainExecutionRoleCredentials', 'Returns AWS credentials.'),
  described('lakeformation:GetDataAccess', 'Returns credentials for the data lake.'),
  documented('lakeformation:GetTemporaryGlueTableCredentials', 'Returns credentials for the files of a table.'),
  documented('lakeformation:GetTemporaryGluePartitionCredentials', 'Returns credentials for the files of a partition.'),
  described('elasticmapreduce:GetClusterSessionCredentials', 'Returns a login to the cluster.'),
  documented('ssm:GetAccessToken', 'Returns AWS credentials for a just-in-time session.'),
  described('redshift:GetIdentityCenterAuthToken', 'Returns a database token.'),
  described('redshift-serverless:GetIdentityCenterAuthToken', 'Returns a database token.'),
];

const KEYS: readonly SourcedAction[] = [
  documented('kms:Decrypt', 'Decrypts data; its access level is Write.'),
  documented('kms:DeriveSharedSecret', 'Returns a shared secret.'),
  documented('acm:ExportCertificate', "Returns a certificate's private key."),
  documented('wafv2:GetDecryptedAPIKey', 'Returns an API key in plain text.'),
  described('states:RevealSecrets', 'Shows secrets when a step is tested.'),
  described('ivs:GetStreamKey', 'Returns the key of a video stream.'),
  described('pca-connector-scep:GetChallengePassword', 'Returns a password.'),
  {
    action: 'route53domains:RetrieveDomainAuthCode',
    source: api('route53domains', 'domains_RetrieveDomainAuthCode'),
    why: 'Returns the code that authorizes the transfer of a domain.',
  },
  documented('storagegateway:DescribeChapCredentials', 'Returns CHAP secrets.'),
  documented('ec2:DescribeVpnConnections', 'Returns pre-shared keys of VPN tunnels.'),
  documented('ec2:GetVpnConnectionDeviceSampleConfiguration', 'Returns pre-shared keys of VPN tunnels.'),
  documented('directconnect:DescribeVirtualInterfaces', 'Returns BGP authentication keys.'),
  described('grafana:CreateWorkspaceServiceAccountToken', 'Returns a new token.'),
];

const APPLICATIONS: readonly SourcedAction[] = [
  { action: 'apigateway:GET', source: api('apigateway', 'GetApiKeys'), why: 'Reads API keys, among other things.' },
  documented('appsync:ListApiKeys', 'Returns API keys, because the returned ids are the keys.'),
  documented('cognito-idp:DescribeUserPoolClient', 'Returns the client secret.'),
  described('cognito-idp:ListUserPoolClientSecrets', 'Returns client secrets.'),
  documented('cognito-idp:DescribeIdentityProvider', "Returns the provider's client secret."),
  described('codeconnections:GetConnectionToken', 'Returns a token for the Git provider.'),
  described('codeconnections:GetIndividualAccessToken', 'Returns a token for the Git provider.'),
  described('codeconnections:UseConnection', 'Performs operations at the Git provider through a connection.'),
  described('codestar-connections:GetConnectionToken', 'Returns a token for the Git provider.'),
  described('codestar-connections:GetIndividualAccessToken', 'Returns a token for the Git provider.'),
  described('codestar-connections:UseConnection', 'Performs operations at the Git provider through a connection.'),
  described('events:RetrieveConnectionCredentials', 'Returns the secrets of a connection.'),
  described('bedrock-agentcore:GetResourceApiKey', 'Returns an API key from the vault.'),
  described('bedrock-agentcore:GetResourceOauth2Token', "Returns a user's token from the vault."),
  described('bedrock-agentcore:GetResourcePaymentToken', 'Returns a payment token.'),
  described('bedrock-agentcore:GetWorkloadAccessToken', 'Returns a token that opens the vault.'),
  described('bedrock-agentcore:GetWorkloadAccessTokenForJWT', "Returns a token that opens a user's vault."),
  described('bedrock-agentcore:GetWorkloadAccessTokenForUserId', "Returns a token that opens any user's vault."),
];

export const SENSITIVE_CREDENTIALS: readonly SourcedAction[] = [...PUBLISHED, ...AWS_ACCESS, ...KEYS, ...APPLICATIONS];
