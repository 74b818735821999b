/** HTTP over a unix socket. */
import { request } from 'node:http';

export interface SocketAnswer {
  readonly status: number;
  readonly body: string;
}

/** @param silence what to say when nothing comes within that many milliseconds */
export function askSocket(
  call: {
    readonly socketPath: string;
    readonly method?: 'GET' | 'POST';
    readonly path: string;
    readonly timeout: number;
  },
  silence: string,
): Promise<SocketAnswer> {
  return new Promise((resolve, reject) => {
    const asked = request(call, (response) => {
      let body = '';
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => (body += chunk));
      response.on('end', () => {
        resolve({ status: response.statusCode ?? 0, body });
      });
      response.on('error', reject);
    });
    asked.on('timeout', () => asked.destroy(new Error(silence)));
    asked.on('error', reject);
    asked.end();
  });
}
