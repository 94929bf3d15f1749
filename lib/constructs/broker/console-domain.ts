import { Apigatewayv2ApiMapping } from '@cdktf/provider-aws/lib/apigatewayv2-api-mapping';
import { Apigatewayv2DomainName } from '@cdktf/provider-aws/lib/apigatewayv2-domain-name';
import type { ConsoleDomain as ConsoleDomainSettings } from '@leasehold/definitions';
import type { ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';
import { after } from '../depends-on';

export interface ConsoleDomainProps {
  readonly console: ConsoleDomainSettings;
  readonly apiId: string;
  /** Name of the API's stage. */
  readonly stage: string;
  /** Resources that must exist before the domain can be mapped to the API: the API's stage. */
  readonly dependsOn: readonly ITerraformDependable[];
}

/** The API's own domain. Its DNS record, which points to the domain's target, is not part of the stack. */
export class ConsoleDomain extends Construct {
  /** Terraform expression for the host name to which the DNS record of the domain points. */
  readonly target: string;

  constructor(scope: Construct, id: string, { console, apiId, stage, dependsOn }: ConsoleDomainProps) {
    super(scope, id);
    const { domain, certificateArn } = console;
    const name = new Apigatewayv2DomainName(this, 'domain', {
      domainName: domain,
      domainNameConfiguration: { certificateArn, endpointType: 'REGIONAL', securityPolicy: 'TLS_1_2' },
    });
    this.target = name.domainNameConfiguration.targetDomainName;
    after(new Apigatewayv2ApiMapping(this, 'mapping', { apiId, domainName: domain, stage }), [name, ...dependsOn]);
  }
}
