import type { AssistantMessage, Part, ToolPart, UserMessage } from '@opencode-ai/sdk/v2/client';
import type { OpenCodeMessage } from '#adapters/opencode/turn';

const owner = { sessionID: 'ses_1' };

export const userMessage = (id: string, { synthetic = false } = {}): OpenCodeMessage => ({
  info: {
    ...owner,
    id,
    role: 'user',
    time: { created: 1 },
    agent: 'build',
    model: { providerID: 'demo', modelID: 'scripted' },
  } satisfies UserMessage,
  parts: [{ ...owner, id: `prt_${id}`, messageID: id, type: 'text', text: 'Do it', synthetic }],
});

/** A finished message of the model, unless told otherwise. */
export const modelMessage = (
  id: string,
  { parts = [], completed = true, ...info }: Partial<AssistantMessage> & { parts?: Part[]; completed?: boolean } = {},
): OpenCodeMessage<AssistantMessage> => ({
  info: {
    ...owner,
    id,
    role: 'assistant',
    time: completed ? { created: 1, completed: 2 } : { created: 1 },
    parentID: 'msg_prompt',
    modelID: 'scripted',
    providerID: 'demo',
    mode: 'build',
    agent: 'build',
    path: { cwd: '/work', root: '/work' },
    cost: 0,
    tokens: { input: 0, output: 0, reasoning: 0, cache: { read: 0, write: 0 } },
    finish: 'stop',
    ...info,
  },
  parts,
});

export const textPart = (id: string, text: string, { ended = true, synthetic = false } = {}): Part => ({
  ...owner,
  ...{ id, messageID: 'msg_1', type: 'text', text, synthetic, time: ended ? { start: 1, end: 2 } : { start: 1 } },
});

export const toolPart = (id: string, tool: string, state: ToolPart['state']): ToolPart => ({
  ...owner,
  ...{ id, messageID: 'msg_1', type: 'tool', callID: `call_${id}`, tool, state },
});
