/** `@leasehold/mcp`: an MCP server through which an agent uses AWS with leases, without seeing credentials. */
export { FileFolder } from './files';
export { type McpHttpServer, serveHttp } from './http';
export { SecretList } from './secrets';
export { type McpOptions, McpService } from './server';
export { serveStdio } from './stdio';
