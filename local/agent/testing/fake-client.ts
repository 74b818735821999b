/** An SDK client that answers from a table. */

type Answer = Readonly<Record<string, unknown>> | Error | ((input: Readonly<Record<string, unknown>>) => unknown);

/** @param answers by the command's name without `Command`; a function is given its input */
// eslint-disable-next-line @typescript-eslint/no-unnecessary-type-parameters -- the caller says which client it stands for
export function fakeClient<T>(answers: Readonly<Record<string, Answer>>): T {
  const send = (command: {
    readonly constructor: { readonly name: string };
    readonly input: object;
  }): Promise<unknown> => {
    const name = command.constructor.name.replace(/Command$/, '');
    const answer = answers[name];
    if (answer instanceof Error) return Promise.reject(answer);
    return Promise.resolve(typeof answer === 'function' ? undefined : answer).then(() =>
      typeof answer === 'function' ? answer(command.input as Record<string, unknown>) : (answer ?? {}),
    );
  };
  return { send, config: {} } as T;
}

/** Keeps what is complained about: resource and message of each. */
export function complaints() {
  const list: [string, string][] = [];
  return { list, complain: (resource: string, message: string) => void list.push([resource, message]) };
}
