import { readResponse, withoutTime } from './curl-answer.ts';

test('an answer with its headers, body and time', () => {
  const text =
    'HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nx-request-id: 7\r\n\r\none\n\ntwo\n0.0123';
  expect(readResponse(text)).toEqual({
    status: 200,
    headers: [
      ['content-type', 'text/plain'],
      ['x-request-id', '7'],
    ],
    body: 'one\n\ntwo',
    durationMs: 12,
    requestId: '7',
  });
  expect(readResponse('HTTP/2 204 \r\n\r\n\n0.5')).toMatchObject({ status: 204, body: '' });
  expect(readResponse('\n0.001')).toBeUndefined();
});

test.each(['\n0.000192\ncurl: (7) Failed', 'curl: (7) Failed\n\n0.000192'])(
  'what curl says in %j has no time',
  (text) => {
    expect(withoutTime(text)).toBe('curl: (7) Failed');
  },
);
