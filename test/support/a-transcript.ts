import type { ChatTurn, ToolCall } from '#domain/dataset/chat-turn';
import { type Transcript, transcriptText } from '#domain/dataset/transcript';

/** A call of a tool with these arguments. */
export const aCall = (given: unknown, { id = 'call_1', name = 'bash' } = {}): ToolCall => ({
  ...{ id, type: 'function' },
  function: { name, arguments: typeof given === 'string' ? given : JSON.stringify(given) },
});

/** A question, one call of a tool with its answer, and a last word. */
export const someTurns = ({ asked = 'Do nothing.', given = { command: 'ls' } as unknown, found = 'a.txt' } = {}) =>
  [
    { role: 'user', content: asked },
    { role: 'assistant', content: '', tool_calls: [aCall(given)] },
    { role: 'tool', content: found, tool_call_id: 'call_1' },
    { role: 'assistant', content: 'Done.' },
  ] as const satisfies ChatTurn[];

/** A stored transcript. */
export const aTranscript = (messages: readonly ChatTurn[] = someTurns(), fields: Partial<Transcript> = {}): string =>
  transcriptText({ model: 'acme/large', simulated: false, messages, ...fields });
