/**
 * A LangGraph agent with one tool a role. Each tool call has a lease of its own: asked for when the tool is called, with
 * the reason that the model gave, and forgotten when it returns. The model is a script, so that the example needs no
 * network; put a chat model in its place.
 *
 *   node agent.mjs              does its task: looks at the metrics, uploads a release
 *   node agent.mjs astray       a model that was talked into more: AWS stops it
 */
import { CloudWatchClient, ListMetricsCommand } from '@aws-sdk/client-cloudwatch';
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { AIMessage, HumanMessage } from '@langchain/core/messages';
import { tool } from '@langchain/core/tools';
import { END, MessagesAnnotation, START, StateGraph } from '@langchain/langgraph';
import { ToolNode, toolsCondition } from '@langchain/langgraph/prebuilt';
import { configure, LeaseError, withLease } from '@leasehold/runtime';
import { command } from '@leasehold/runtime/command';
import { z } from 'zod';
import { ASTRAY, TASK } from './scripts.mjs';

const [program, ...args] = process.env.LEASEHOLD_APPROVE?.replace(/^command:/, '').split(' ') ?? [];
if (program !== undefined) configure({ approval: command({ argv: [program, ...args] }) });

const reason = z.string().describe('What is to be done, and for what: a concrete sentence. A human reads it.');

/** A tool that works with a lease of one role. What AWS or a human refuses, the model is told. */
function leasedTool({ name, description, role, schema, parameters = () => ({}), work }) {
  const call = async (input) => {
    try {
      const request = { reason: input.reason, parameters: parameters(input) };
      return await withLease(role, request, (lease) => work(input, lease.credentials));
    } catch (error) {
      if (error instanceof LeaseError) return `No lease (${error.code}): ${error.message}. ${error.hint}`;
      return `AWS said no: ${error.name}`;
    }
  };
  return tool(call, { name, description, schema: z.object({ reason, ...schema }) });
}

const lookAtMetrics = leasedTool({
  name: 'look_at_metrics',
  description: 'Lists the metrics of a namespace.',
  role: 'cloudwatch-read',
  schema: { namespace: z.string() },
  work: async ({ namespace }, credentials) => {
    const { Metrics = [] } = await new CloudWatchClient({ credentials }).send(
      new ListMetricsCommand({ Namespace: namespace }),
    );
    return `${Metrics.length} metrics in ${namespace}`;
  },
});

const upload = leasedTool({
  name: 'upload',
  description: 'Uploads a file under one release of the deploy bucket.',
  role: 's3-deploy',
  schema: { release: z.string(), key: z.string(), body: z.string() },
  parameters: ({ release }) => ({ release }),
  work: async ({ key, body }, credentials) => {
    const s3 = new S3Client({ credentials, forcePathStyle: true, maxAttempts: 1 });
    await s3.send(new PutObjectCommand({ Bucket: 'hermes-dev-deploy', Key: key, Body: body }));
    return `uploaded ${key}`;
  },
});

const script = process.argv[2] === 'astray' ? ASTRAY : TASK;

/** The scripted model: its next message is the script's next line. */
function model({ messages }) {
  const said = messages.filter((message) => message instanceof AIMessage).length;
  return { messages: [new AIMessage(script[said] ?? 'That is all.')] };
}

const agent = new StateGraph(MessagesAnnotation)
  .addNode('model', model)
  .addNode('tools', new ToolNode([lookAtMetrics, upload]))
  .addEdge(START, 'model')
  .addConditionalEdges('model', toolsCondition, ['tools', END])
  .addEdge('tools', 'model')
  .compile();

const { messages } = await agent.invoke({ messages: [new HumanMessage('Upload release 1.4.2.')] });
for (const message of messages) {
  const calls = (message.tool_calls ?? []).map(({ name, args: given }) => `${name}(${given.key ?? given.namespace})`);
  process.stdout.write(`${message.getType()}: ${[message.text, ...calls].filter(Boolean).join(' ')}\n`);
}
