import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { machineArchitecture } from './oci.ts';
import { ownImage } from './save-own.ts';
import { unpackLayer } from './unpack.ts';

/** As much of a static program as is looked at: https://refspecs.linuxfoundation.org/elf/gabi4+/ch4.eheader.html */
function program(architecture = machineArchitecture()): Buffer {
  const header = Buffer.alloc(64);
  header.writeUInt32BE(0x7f454c46, 0);
  header.writeUInt16LE(architecture === 'amd64' ? 62 : 183, 18);
  return header;
}

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'own-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

test('a program and a root filesystem become an image that runs the program', async () => {
  const [binary, rootfs, root] = ['server', 'files', 'root'].map((name) => join(folder, name)) as [
    string,
    string,
    string,
  ];
  writeFileSync(binary, program());
  mkdirSync(join(rootfs, 'etc'), { recursive: true });
  writeFileSync(join(rootfs, 'etc/app.conf'), 'x=1');
  const image = await ownImage({
    binary,
    rootfs,
    user: '65532:65532',
    workdir: '/srv',
    env: { A: 'b' },
    cmd: ['--fast'],
  });
  const { config } = z.object({ config: z.unknown() }).parse(JSON.parse(image.config.toString()));
  expect(config).toEqual({
    User: '65532:65532',
    WorkingDir: '/srv',
    Env: [expect.stringContaining('PATH='), 'A=b'],
    Entrypoint: ['/server'],
    Cmd: ['--fast'],
  });
  for (const layer of image.layers) await unpackLayer(layer, root);
  expect(statSync(join(root, 'server')).mode & 0o777).toBe(0o555);
  expect(readFileSync(join(root, 'etc/app.conf'), 'utf8')).toBe('x=1');
});

test('an image of a root filesystem runs the entrypoint that was given', async () => {
  const image = await ownImage({ rootfs: folder, env: {}, entrypoint: ['/bin/app', 'serve'] });
  expect(image.config.toString()).toContain('"Entrypoint":["/bin/app","serve"]');
});

test('what can’t run here is refused by its file', async () => {
  const file = join(folder, 'server');
  await expect(ownImage({ binary: file, env: {} })).rejects.toThrow(`${file} is no file: give a program`);
  writeFileSync(file, program(machineArchitecture() === 'amd64' ? 'arm64' : 'amd64'));
  await expect(ownImage({ binary: file, env: {} })).rejects.toThrow(
    `${file} is no program for ${machineArchitecture()}`,
  );
  await expect(ownImage({ binary: process.execPath, env: {} })).rejects.toThrow('is no static program');
  writeFileSync(file, '#!/bin/sh\n');
  await expect(ownImage({ binary: file, env: {} })).rejects.toThrow(`${file} is no program for`);
  expect(await ownImage({ binary: file, rootfs: folder, env: {} })).toBeDefined();
  await expect(ownImage({ rootfs: file, env: {} })).rejects.toThrow(`${file} is no folder`);
});
