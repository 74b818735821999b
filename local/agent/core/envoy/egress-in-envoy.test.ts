import { inTable } from '../../testing/load-balancer-rows.ts';
import { rawTarget, sendRaw } from '../../testing/raw-target.ts';
import { connectStand } from '../../testing/service-connect-stand.ts';

afterEach(inTable(import.meta.filename));

test('a WebSocket leaves by the proxy of the task that calls', async () => {
  const upgraded = 'HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\nhello';
  const task = await rawTarget((head) => (/^upgrade: websocket\r?$/im.test(head) ? upgraded : undefined));
  const stand = await connectStand({ protocol: 'http', backends: [{ port: task.port, zone: 'a' }] });
  try {
    const asked = 'GET /ws HTTP/1.1\r\nHost: called\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n';
    expect(await sendRaw(stand.port, asked, undefined, stand.host)).toMatch(/^HTTP\/1\.1 101 [^]*hello$/);
  } finally {
    await stand.stop();
    task.stop();
  }
});
