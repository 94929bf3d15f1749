/** Finds the broker's HTTP API. */
import { brokerName } from '@leasehold/documents';
import { present } from '../unread';
import type { AccountContext } from '../verification';

/** The HTTP APIs with the broker's name. @throws Unread */
export async function brokerApis({ environment, live }: AccountContext) {
  const apis = await live.aws.list('Items', 'apigateway', 'GetApis', {});
  return apis
    .filter(
      ({ Name, ProtocolType }) =>
        present(Name, 'Name', 'apigateway:GetApis') === brokerName(environment) &&
        present(ProtocolType, 'ProtocolType', 'apigateway:GetApis') === 'HTTP',
    )
    .map(({ ApiId, ApiEndpoint, CorsConfiguration, DisableExecuteApiEndpoint }) => ({
      endpoint: ApiEndpoint,
      ApiId: present(ApiId, 'ApiId', 'apigateway:GetApis'),
      cors: Object.keys(CorsConfiguration ?? {}).length > 0,
      disabled: DisableExecuteApiEndpoint === true,
    }));
}
