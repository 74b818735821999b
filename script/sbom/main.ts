/**
 * `npm run sbom`: what is in each image, as a CycloneDX bill of materials and as a list of licences, in
 * services-rust/target/sbom. An image is one static binary, so its crates are all of it.
 * `cargo cyclonedx` is built on first use, which takes a few minutes.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { SERVICE_NAMES } from '@highlands/connected-service/names';
import { INSTALLED, ROOT } from '../../local/region/paths.ts';
import { licenceList } from './licence-list.ts';

const VERSION = '0.5.9';
const RUST = join(ROOT, 'services-rust');
const OUTPUT = join(RUST, 'target/sbom');
const TOOLS = join(INSTALLED, 'tools');
/** The processors of the images have the same crates; this is the one that tasks run on. */
const TARGET = 'aarch64-unknown-linux-gnu';

function cargo(args: readonly string[]): void {
  execFileSync('cargo', args, { cwd: RUST, stdio: 'inherit' });
}

const tool = join(TOOLS, 'bin/cargo-cyclonedx');
if (!existsSync(tool)) cargo(['install', '--locked', '--root', TOOLS, `cargo-cyclonedx@${VERSION}`]);
mkdirSync(OUTPUT, { recursive: true });
const options = ['--format', 'json', '--spec-version', '1.5', '--target', TARGET, '--no-build-deps', '--quiet'];
execFileSync(tool, ['cyclonedx', ...options, '--override-filename', 'bom'], { cwd: RUST, stdio: 'inherit' });
for (const service of SERVICE_NAMES) {
  const bom = join(OUTPUT, `${service}.cdx.json`);
  renameSync(join(RUST, service, 'bom.json'), bom);
  const licences = join(OUTPUT, `${service}.licences.md`);
  writeFileSync(licences, licenceList(service, JSON.parse(readFileSync(bom, 'utf8'))));
  console.log(`${bom}\n${licences}`);
}
// The tool writes one for every member of the workspace.
for (const member of readdirSync(RUST)) rmSync(join(RUST, member, 'bom.json'), { force: true });
