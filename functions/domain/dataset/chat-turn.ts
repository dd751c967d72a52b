export const CHAT_ROLES = ['system', 'user', 'assistant', 'tool'] as const;

/** A call of a tool, as chat models write it. */
export interface ToolCall {
  readonly id: string;
  readonly type: 'function';
  /** `arguments` is JSON. */
  readonly function: { readonly name: string; readonly arguments: string };
}

/** One turn of a transcript, in the form that chat models learn from. */
export interface ChatTurn {
  readonly role: (typeof CHAT_ROLES)[number];
  readonly content: string;
  /** What an assistant wants done. */
  readonly tool_calls?: readonly ToolCall[] | undefined;
  /** Which call a tool answers. */
  readonly tool_call_id?: string | undefined;
}
