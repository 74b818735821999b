import { refusalOf, type Asked } from './guard.ts';

const OWN = { port: 8081, token: 'secret' };
const GET: Asked = {
  method: 'GET',
  host: '127.0.0.1:8081',
  origin: undefined,
  path: '/',
  fetchSite: undefined,
  fetchMode: undefined,
  fetchDest: undefined,
  authorization: undefined,
  contentType: undefined,
};
const POST: Asked = {
  ...GET,
  method: 'POST',
  origin: 'http://localhost:8081',
  fetchSite: 'same-origin',
  authorization: 'Bearer secret',
  contentType: 'application/json',
};
const LINK: Asked = { ...GET, fetchSite: 'cross-site', fetchMode: 'navigate', fetchDest: 'document' };

test.each<[string, Asked, number | undefined]>([
  ['a read without anything', GET, undefined],
  ['a read of the own page', { ...GET, origin: 'http://127.0.0.1:8081', fetchSite: 'same-origin' }, undefined],
  ['a name that resolves to this machine', { ...GET, host: 'evil.example:8081' }, 403],
  ['another port', { ...GET, host: '127.0.0.1:8080' }, 403],
  ['no Host', { ...GET, host: undefined }, 403],
  ["another page's read", { ...GET, origin: 'http://evil.example' }, 403],
  ["another local page's read", { ...GET, origin: 'http://localhost:3000' }, 403],
  ['a sandboxed page', { ...GET, origin: 'null' }, 403],
  ["another page's image", { ...GET, fetchSite: 'cross-site' }, 403],
  ["another page's link", LINK, undefined],
  ["another page's link to data", { ...LINK, path: '/api/region' }, 403],
  ["another page's frame", { ...LINK, fetchDest: 'iframe' }, 403],
  ["another page's link by a name that resolves to this machine", { ...LINK, host: 'evil.example:8081' }, 403],
  ["another page's form", { ...LINK, method: 'POST', path: '/api/actions', origin: 'http://evil.example' }, 403],
  ['a change with the token', POST, undefined],
  ['a change by curl with the token', { ...POST, origin: undefined, fetchSite: undefined }, undefined],
  ['a change without the token', { ...POST, authorization: undefined }, 401],
  ['a change with a part of the token', { ...POST, authorization: 'Bearer secre' }, 401],
  ['a change with the token by another page', { ...POST, origin: 'http://evil.example' }, 403],
  ['a form', { ...POST, contentType: 'text/plain' }, 415],
])('%s', (_, asked, status) => {
  expect(refusalOf(asked, OWN)?.status).toBe(status);
});
