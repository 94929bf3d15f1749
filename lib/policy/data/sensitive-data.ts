/** Actions that read the customer's own data: objects, rows, messages, logs, code. */
import { api, described, documented, listed, type SourcedAction } from './sources';

const OBJECTS: readonly SourcedAction[] = [
  listed('s3:GetObject', 'Reads the content of objects.'),
  {
    action: 's3:GetObjectVersion',
    source: api('s3', 'GetObject'),
    why: 'Reads objects that were overwritten or deleted.',
  },
  documented('s3:GetObjectTorrent', 'Reads the content of objects.'),
  { action: 's3-object-lambda:GetObject', source: api('s3', 'GetObject'), why: 'Reads the content of objects.' },
  {
    action: 's3-object-lambda:GetObjectVersion',
    source: api('s3', 'GetObject'),
    why: 'Reads earlier versions of objects.',
  },
  { action: 's3-outposts:GetObject', source: api('s3', 'GetObject'), why: 'Reads the content of objects.' },
  { action: 's3-outposts:GetObjectVersion', source: api('s3', 'GetObject'), why: 'Reads earlier versions of objects.' },
  {
    action: 's3express:CreateSession',
    source: api('s3', 'CreateSession'),
    why: 'Opens a session that reads every object.',
  },
  described('s3tables:GetTableData', 'Reads the rows of a table.'),
  described('s3vectors:GetVectors', 'Reads vectors and their metadata.'),
  described('s3vectors:QueryVectors', 'Reads vectors and their metadata.'),
  described('glacier:GetJobOutput', 'Reads the content of archives.'),
  documented('ebs:GetSnapshotBlock', 'Reads disks block by block.'),
  described('elasticfilesystem:ClientMount', 'Reads the files of a file system.'),
];

const SECRETS: readonly SourcedAction[] = [
  listed('ssm:GetParameter', 'Reads parameter values, often secrets.'),
  listed('ssm:GetParameters', 'Reads parameter values, often secrets.'),
  listed('ssm:GetParametersByPath', 'Reads all parameter values under a path.'),
  documented('ssm:GetParameterHistory', 'Reads earlier parameter values.'),
  listed('secretsmanager:GetSecretValue', 'Reads the value of a secret.'),
  documented('secretsmanager:BatchGetSecretValue', 'Reads the values of many secrets in one call.'),
];

const ROWS: readonly SourcedAction[] = [
  documented('dynamodb:GetItem', 'Reads items.'),
  documented('dynamodb:BatchGetItem', 'Reads items.'),
  documented('dynamodb:Query', 'Reads items.'),
  documented('dynamodb:Scan', 'Reads every item, regardless of its key.'),
  { action: 'dynamodb:PartiQLSelect', source: api('dynamodb', 'ExecuteStatement'), why: 'Reads items.' },
  described('dynamodb:GetRecords', 'Reads every change of a table.'),
  documented('dynamodb:ExportTableToPointInTime', "Copies the whole table to a bucket of the caller's choice."),
  described('dax:GetItem', 'Reads items.'),
  described('dax:BatchGetItem', 'Reads items.'),
  described('dax:Query', 'Reads items.'),
  described('dax:Scan', 'Reads every item, regardless of its key.'),
  documented('athena:GetQueryResults', 'Reads the results of queries.'),
  described('athena:GetQueryResultsStream', 'Reads the results of queries.'),
  documented('redshift-data:GetStatementResult', 'Reads the results of queries.'),
  described('redshift:FetchResults', 'Reads the results of queries.'),
  described('timestream:Select', 'Reads rows.'),
  described('cassandra:Select', 'Reads rows.'),
  described('qldb:PartiQLSelect', 'Reads documents.'),
  described('qldb:PartiQLHistoryFunction', 'Reads every revision of documents.'),
  described('sdb:Select', 'Reads items.'),
  described('neptune-db:ReadDataViaQuery', 'Reads the graph.'),
  described('neptune-graph:ReadDataViaQuery', 'Reads the graph.'),
  described('es:ESHttpGet', 'Reads documents of the index.'),
  described('aoss:APIAccessAll', 'Reads and writes all data of the collections that the caller can access.'),
  documented('kendra:Query', 'Reads passages of the indexed documents.'),
  documented('kendra:Retrieve', 'Reads passages of the indexed documents.'),
  described('bedrock:Retrieve', 'Reads passages of the knowledge base.'),
  described(
    'bedrock-agentcore:RetrieveMemoryRecords',
    'Reads the memories of agents, including memories about other users.',
  ),
  described('healthlake:ReadResource', 'Reads health records.'),
  described('healthlake:SearchWithGet', 'Reads health records.'),
  described('healthlake:SearchWithPost', 'Reads health records.'),
  documented('cognito-idp:ListUsers', 'Reads the attributes of every user.'),
  documented('cognito-idp:AdminGetUser', 'Reads the attributes of a user.'),
  described('macie2:GetSensitiveDataOccurrences', 'Reads samples of the sensitive data that Macie found.'),
];

const MESSAGES_AND_LOGS: readonly SourcedAction[] = [
  documented('logs:GetLogEvents', 'Reads log lines, which often contain secrets.'),
  documented('logs:FilterLogEvents', 'Reads log lines.'),
  documented('logs:GetLogRecord', 'Reads log lines.'),
  documented('logs:StartQuery', 'Reads log lines of the log groups that the query names.'),
  documented('logs:GetQueryResults', 'Reads the log lines that a query found.'),
  documented('logs:StartLiveTail', 'Reads log lines as they arrive.'),
  described('logs:Unmask', 'Reads data that a data protection policy masks.'),
  documented('sqs:ReceiveMessage', 'Reads messages, and makes them temporarily invisible to other readers.'),
  documented('kinesis:GetRecords', 'Reads the records of a stream.'),
  documented('kinesis:SubscribeToShard', 'Reads the records of a stream.'),
  described('kafka-cluster:ReadData', 'Reads the records of a topic.'),
  documented('rds:DownloadDBLogFilePortion', 'Reads database logs, which may contain statements with data.'),
  described('rds:DownloadCompleteDBLogFile', 'Reads database logs, which may contain statements with data.'),
  documented('states:GetExecutionHistory', 'Reads the inputs and outputs of every step.'),
  documented('states:DescribeExecution', 'Reads inputs and outputs.'),
];

const CODE: readonly SourcedAction[] = [
  described('codecommit:GitPull', 'Reads a whole repository with its history.'),
  documented('codecommit:GetFile', 'Reads source code.'),
  documented('codecommit:GetBlob', 'Reads source code.'),
  documented('lambda:GetLayerVersion', 'Returns a link to the code.'),
  documented('ecr:GetDownloadUrlForLayer', 'Returns a link to the files of an image.'),
];

export const SENSITIVE_DATA: readonly SourcedAction[] = [
  ...OBJECTS,
  ...SECRETS,
  ...ROWS,
  ...MESSAGES_AND_LOGS,
  ...CODE,
];
