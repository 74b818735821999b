import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { lstatSync, readdirSync, readlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { z } from 'zod';
import type { BuildRequest } from '../docker/request.ts';
import { digestOf, machineArchitecture, type Image } from '../oci.ts';
import { unpackLayer } from '../unpack.ts';
import { buildPlain } from './build-plain.ts';

let base: string;
beforeEach(() => {
  base = mkdtempSync(join(tmpdir(), 'plain-'));
});
afterEach(() => {
  rmSync(base, { recursive: true });
});

function write(files: Readonly<Record<string, string | Buffer>>): void {
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(base, 'web', name)), { recursive: true });
    writeFileSync(join(base, 'web', name), content);
  }
}

const build = (request: Partial<BuildRequest> = {}): Promise<Image> =>
  buildPlain({ base, directory: 'web', ...request });

const Config = z.object({ config: z.record(z.string(), z.unknown()) });
const configOf = ({ config }: Image): Record<string, unknown> => Config.parse(JSON.parse(config.toString())).config;

/** Unpacks an image. @returns where */
async function unpacked({ layers }: Image): Promise<string> {
  const root = join(base, 'root');
  mkdirSync(root);
  for (const layer of layers) await unpackLayer(layer, root);
  return root;
}

test('a Dockerfile from scratch is built as Docker builds it', async () => {
  write({
    Dockerfile: `# syntax=docker/dockerfile:1
ARG PORT=80
FROM scratch
ARG PORT VERSION=none
ENV PORT=$PORT \\
    # a comment between
    GREETING="hello  world" NAME=\${MISSING:-nobody}
ENV OLD form of before
LABEL org.version="\${VERSION}" plain=yes
WORKDIR /srv
WORKDIR app
COPY --chown=65532:65532 --chmod=0750 server ./
COPY ["with space.txt", "/data/"]
COPY site /usr/share/site
COPY *.conf /etc/
ADD link /link
EXPOSE $PORT 53/udp
USER 65532
VOLUME ["/data"]
STOPSIGNAL SIGINT
HEALTHCHECK CMD ["/srv/app/server", "check"]
ENTRYPOINT ["/srv/app/server"]
CMD ["--port", "8080"]
`,
    server: '#!/program',
    'with space.txt': 'spaced',
    'site/index.html': '<p>',
    'site/deep/a.txt': 'a',
    'one.conf': '1',
    'two.conf': '2',
    'other.txt': '-',
  });
  chmodSync(join(base, 'web/site/index.html'), 0o640);
  symlinkSync('target', join(base, 'web/link'));
  const image = await build({ dockerBuildArgs: { VERSION: '7' } });
  expect(configOf(image)).toEqual({
    Env: [
      'PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
      'PORT=80',
      'GREETING=hello  world',
      'NAME=nobody',
      'OLD=form of before',
    ],
    ExposedPorts: { '80/tcp': {}, '53/udp': {} },
    Labels: { 'org.version': '7', plain: 'yes' },
    Volumes: { '/data': {} },
    WorkingDir: '/srv/app',
    User: '65532',
    StopSignal: 'SIGINT',
    Entrypoint: ['/srv/app/server'],
    Cmd: ['--port', '8080'],
  });
  const root = await unpacked(image);
  expect(readFileSync(join(root, 'srv/app/server'), 'utf8')).toBe('#!/program');
  expect(statSync(join(root, 'srv/app/server')).mode & 0o7777).toBe(0o750);
  expect(readFileSync(join(root, 'data/with space.txt'), 'utf8')).toBe('spaced');
  expect(readdirSync(join(root, 'usr/share/site')).sort()).toEqual(['deep', 'index.html']);
  expect(statSync(join(root, 'usr/share/site/index.html')).mode & 0o7777).toBe(0o640);
  expect(readdirSync(join(root, 'etc')).sort()).toEqual(['one.conf', 'two.conf']);
  expect(lstatSync(join(root, 'link')).isSymbolicLink() && readlinkSync(join(root, 'link'))).toBe('target');
  expect(digestOf((await build({ dockerBuildArgs: { VERSION: '7' } })).manifest)).toBe(digestOf(image.manifest));
});

test('stages are taken from, and the one that is asked for is built', async () => {
  write({
    'build/Own': `FROM scratch AS Files
COPY . /all
FROM golang:1 AS compile
RUN go build
FROM files AS web
COPY --from=files /all/a.txt /a-again.txt
CMD echo $HOME
FROM web
ENTRYPOINT ["/x"]
`,
    'a.txt': 'a',
    'b.secret': 'b',
    'kept/b.secret': 'c',
    '.dockerignore': '**/*.secret\n!kept/b.secret\nbuild\n',
  });
  const root = await unpacked(await build({ dockerFile: 'build/Own', dockerBuildTarget: 'web' }));
  expect(readFileSync(join(root, 'a-again.txt'), 'utf8')).toBe('a');
  expect(readdirSync(join(root, 'all')).sort()).toEqual(['.dockerignore', 'a.txt', 'kept']);
  expect(readdirSync(join(root, 'all/kept'))).toEqual(['b.secret']);
  expect(configOf(await build({ dockerFile: 'build/Own', dockerBuildTarget: 'web' }))['Cmd']).toEqual([
    '/bin/sh',
    '-c',
    'echo $HOME',
  ]);
  // A command of the image below does not go with another entry point.
  expect(configOf(await build({ dockerFile: 'build/Own' }))).toMatchObject({ Entrypoint: ['/x'] });
  expect(configOf(await build({ dockerFile: 'build/Own' }))['Cmd']).toBeUndefined();
});

test.each([
  ['FROM scratch\nRUN x', 'line 2, RUN: it runs in a container, or is not known'],
  ['FROM nginx', 'FROM nginx begins with another image'],
  ['FROM golang AS b\nRUN x\nFROM scratch\nCOPY --from=b /x /x', 'FROM golang begins with another image'],
  ['FROM scratch\nCOPY --from=nginx:1 /x /x', 'line 2, COPY: --from=nginx:1 is another image'],
  ['FROM scratch\n\nCOPY none /x', 'line 3, COPY: "none" is not there, or .dockerignore leaves it out'],
  [
    'FROM scratch\nCOPY --chown=app a /a',
    'line 2, COPY: --chown=app names a user, which an image from scratch has none of',
  ],
  ['FROM scratch\nADD https://example.com/x /x', 'line 2, ADD: https://example.com/x is not fetched'],
  ['FROM scratch\nADD a.tgz /', 'line 2, ADD: a.tgz is an archive, which is not unpacked'],
  ['FROM scratch\nCOPY --parents a /', 'line 2, COPY: --parents is not known'],
  ['FROM scratch\nCOPY <<EOF /a\nhi\nEOF', 'line 2, COPY: a here-document is not read'],
  ['ENV A=b', 'it has no FROM'],
])('%j needs more, and says so', async (Dockerfile, why) => {
  write({ Dockerfile, a: 'a', 'a.tgz': gzipSync('x') });
  await expect(build()).rejects.toThrow(why);
});

test('the image is for this machine, and arguments of the platform are known', async () => {
  write({ Dockerfile: 'FROM --platform=$BUILDPLATFORM scratch\nARG TARGETARCH\nCOPY server-$TARGETARCH /server' });
  write({ [`server-${machineArchitecture()}`]: 'x' });
  const root = await unpacked(await build({ platform: 'linux/riscv64' }));
  expect(readFileSync(join(root, 'server'), 'utf8')).toBe('x');
});
