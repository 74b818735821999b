/** What a listener throws costs the request that it was about, and not the agent. */
import type { RequestListener } from 'node:http';
import { oneLine } from '../../region/one-line.ts';

export function guarded(listener: RequestListener, note: (message: string) => void): RequestListener {
  return (request, response) => {
    try {
      listener(request, response);
    } catch (error) {
      note(`a request of a function could not be answered: ${oneLine(error)}`);
      if (!response.headersSent) response.writeHead(500);
      response.end();
    }
  };
}
