/** What a client was asked, and a way to answer: each call gets the next answer, the last one stays. */
export interface RecordingClient<Client> {
  readonly client: Client;
  /** Name and input of every command sent. */
  readonly sent: { readonly name: string; readonly input: Readonly<Record<string, unknown>> }[];
}

/** Stands in for a client of the SDK. An Error among the answers is thrown. */
export const aRecordingClient = <Client>(...answers: readonly unknown[]): RecordingClient<Client> => {
  const sent: RecordingClient<Client>['sent'] = [];
  const client = {
    async send(command: { readonly input: Record<string, unknown> }) {
      const answer = answers[Math.min(sent.length, answers.length - 1)] ?? {};
      sent.push({ name: command.constructor.name, input: command.input });
      if (answer instanceof Error) throw answer;
      return answer;
    },
  };
  return { client: client as Client, sent };
};

/** An error of the SDK as a client throws it. */
export const sdkError = <E extends Error>(
  Kind: new (options: { $metadata: object; message: string }) => E,
  fields: Partial<E> = {},
): E => Object.assign(new Kind({ $metadata: {}, message: 'refused' }), fields);
