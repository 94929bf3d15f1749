/** What the deployed function is made of. */
import { awsPorts } from '@leasehold/broker/adapters/aws';
import { composePorts } from '@leasehold/broker/lambda';
import { localSeal } from '../../../lib/broker/adapters/record-seal';
import { aBrokerEnvironment } from '../../support/broker-environment';
import { World } from '../memory';

const environment = aBrokerEnvironment();
const { telemetry } = new World().ports();
const aws = awsPorts({ environment, records: { seal: localSeal(Buffer.from('of the test')) } });

it('states its health in the table, and names the reviewer of the definitions', () => {
  const { health, reviewer } = composePorts({ environment, aws, telemetry });
  expect(health).toBe(aws.health);
  expect(health).toBeDefined();
  const { provider, model } = environment.broker?.reviewer ?? {};
  expect(reviewer?.model).toBe(`${provider} ${model}`);
});

it('states no health where nobody reads it', () => {
  const { health: _, ...others } = aws;
  expect(composePorts({ environment, aws: others, telemetry })).not.toHaveProperty('health');
});
