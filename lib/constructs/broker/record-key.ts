import { CloudwatchEventRule } from '@cdktf/provider-aws/lib/cloudwatch-event-rule';
import { CloudwatchEventTarget } from '@cdktf/provider-aws/lib/cloudwatch-event-target';
import { KmsAlias } from '@cdktf/provider-aws/lib/kms-alias';
import { KmsKey } from '@cdktf/provider-aws/lib/kms-key';
import type { Environment } from '@leasehold/definitions';
import { alertTopicArn, recordKeyAlias, recordKeyPolicy, recordKeyRuleName } from '@leasehold/documents';
import type { ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';
import { after } from '../depends-on';
import { literalJson } from '../literal';

export interface RecordKeyProps {
  readonly environment: Environment;
  /** Resources that must exist before the key: the function's role, which the key's policy names. */
  readonly dependsOn: readonly ITerraformDependable[];
}

/**
 * Number of days during which the deletion of the key can be cancelled. Without the key, records can no longer be
 * verified.
 */
const DELETION_WINDOW = 30;

/** The HMAC key that authenticates the lease records. Only the broker's function can use it. */
export class RecordKey extends Construct {
  /** Token for the key's ARN, which contains an id that AWS generates. */
  readonly arn: string;
  readonly alias: KmsAlias;

  constructor(scope: Construct, id: string, { environment, dependsOn }: RecordKeyProps) {
    super(scope, id);
    const key = after(
      new KmsKey(this, 'key', {
        description: 'Leasehold: authenticates the records of leases',
        keyUsage: 'GENERATE_VERIFY_MAC',
        customerMasterKeySpec: 'HMAC_256',
        deletionWindowInDays: DELETION_WINDOW,
        policy: literalJson(recordKeyPolicy(environment)),
      }),
      dependsOn,
    );
    this.arn = key.arn;
    if (environment.alerts) this.changed(environment, key);
    this.alias = new KmsAlias(this, 'alias', { name: recordKeyAlias(environment), targetKeyId: key.keyId });
  }

  /**
   * Adds an alert on changes to the key. The alert's event pattern contains the key's id, which is known only after
   * apply, so the alert cannot be one of the general alert rules.
   */
  private changed(environment: Environment, key: KmsKey): void {
    const name = recordKeyRuleName(environment);
    const rule = new CloudwatchEventRule(this, 'changed', {
      name,
      description: 'The key that authenticates the records of leases was changed',
      eventPattern: JSON.stringify({
        'detail-type': ['AWS API Call via CloudTrail'],
        source: ['aws.kms'],
        detail: { requestParameters: { keyId: [key.keyId, key.arn] } },
      }),
    });
    after(
      new CloudwatchEventTarget(this, 'changed-target', {
        rule: name,
        arn: alertTopicArn(environment, environment.region),
        targetId: 'alerts',
      }),
      [rule],
    );
  }
}
