/** `@leasehold/mcp`: an MCP server through which any agent works on AWS under leases, without seeing a credential. */
export { FileFolder } from './files';
export { type McpHttpServer, serveHttp } from './http';
export { SecretList } from './secrets';
export { type McpOptions, McpService } from './server';
export { serveStdio } from './stdio';
