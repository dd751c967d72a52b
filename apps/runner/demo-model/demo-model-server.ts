import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { answerTo, type ChatMessage, type DemoAnswer, type FailureCounts } from './answer.ts';

/** A running demo model. */
export interface DemoModelServer {
  /** The base address of its OpenAI-compatible API, on loopback. */
  readonly baseUrl: string;
  close(): Promise<void>;
}

interface ChatRequest {
  readonly model?: string;
  readonly messages: readonly ChatMessage[];
  readonly tools?: readonly unknown[];
}

/** Starts the demo model: an OpenAI-compatible server that needs no network and no key and follows the script in the prompt. */
export async function startDemoModelServer(): Promise<DemoModelServer> {
  const failures: FailureCounts = new Map();
  let requests = 0;
  const server = createServer(async (request, response) => {
    if (!request.url?.endsWith('/chat/completions')) return void response.writeHead(404).end('{}');
    let body = '';
    for await (const chunk of request.setEncoding('utf8')) body += chunk;
    const { model = 'scripted', messages, tools = [] } = JSON.parse(body) as ChatRequest;
    requests += 1;
    // titles and summaries are asked for without tools; they must not take a step
    const answer: DemoAnswer =
      tools.length === 0
        ? { kind: 'text', text: 'Scripted run', goesOn: false, usage: { input: 0, output: 0 } }
        : answerTo(messages, failures);
    send(response, answer, requests, model);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function send(response: ServerResponse, answer: DemoAnswer, request: number, model: string): void {
  if (answer.kind === 'failure') {
    response.writeHead(answer.status, { 'content-type': 'application/json' });
    return void response.end(
      JSON.stringify({ error: { message: answer.message, type: 'demo_model', code: `scripted_${answer.status}` } }),
    );
  }
  const chunk = (fields: Record<string, unknown>) =>
    response.write(
      `data: ${JSON.stringify({ id: `demo-${request}`, object: 'chat.completion.chunk', created: 0, model, ...fields })}\n\n`,
    );
  const delta = (fields: Record<string, unknown>, finish_reason: string | null = null) =>
    chunk({ choices: [{ index: 0, delta: { role: 'assistant', ...fields }, finish_reason }] });

  response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-cache' });
  if (answer.kind === 'text') delta({ content: answer.text });
  else
    delta({
      tool_calls: [
        {
          index: 0,
          id: `call_${request}`,
          type: 'function',
          function: { name: answer.tool, arguments: JSON.stringify(answer.input) },
        },
      ],
    });
  delta({}, answer.kind === 'tool' || answer.goesOn ? 'tool_calls' : 'stop');
  const { input, output } = answer.usage;
  chunk({ choices: [], usage: { prompt_tokens: input, completion_tokens: output, total_tokens: input + output } });
  response.end('data: [DONE]\n\n');
}
