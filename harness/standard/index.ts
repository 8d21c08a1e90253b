/**
 * The Fetch Standard's CORS protocol as pure functions: a user agent that performs no input or output, and an
 * explanation of what it did. Whoever calls it carries its requests and brings back the answers.
 */
export { type Explanation, explain } from './explain.ts';
export type {
  Clock,
  Header,
  Prediction,
  ScriptRequest,
  ScriptView,
  TraceStep,
  WireReply,
  WireSend,
} from './types.ts';
export { predict, predictAsync, UserAgent, type UserAgentOptions } from './user-agent.ts';
