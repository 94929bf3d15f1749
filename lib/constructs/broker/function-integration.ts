import type { Apigatewayv2IntegrationConfig } from '@cdktf/provider-aws/lib/apigatewayv2-integration';
import type { Environment } from '@leasehold/definitions';

/**
 * The integration with which an HTTP API passes requests to a function unchanged. For the form of its URI, see
 * https://docs.aws.amazon.com/apigateway/latest/api/API_PutIntegration.html
 */
export function functionIntegration(
  apiId: string,
  functionArn: string,
  { partition, region }: Environment,
): Apigatewayv2IntegrationConfig {
  const path = `2015-03-31/functions/${functionArn}/invocations`;
  return {
    apiId,
    integrationType: 'AWS_PROXY',
    integrationMethod: 'POST',
    integrationUri: `arn:${partition}:apigateway:${region}:lambda:path/${path}`,
    payloadFormatVersion: '2.0',
  };
}
