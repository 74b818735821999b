/**
 * What the tools print, as one short note of how far they are. Each function makes a reader of their lines: it gives the note
 * after a line, and undefined for a line that says nothing new.
 */

/** The packages of a lockfile that npm fetches here: others are for other processors and systems. */
export function packagesToFetch(lock, { platform, arch }) {
  const fits = (list, value) => list === undefined || list.includes(value);
  return Object.values(JSON.parse(lock).packages).filter(
    // Debian's C library and its relatives: no distribution with another one runs Envoy.
    ({ integrity, inBundle, os, cpu, libc }) =>
      integrity !== undefined && !inBundle && fits(os, platform) && fits(cpu, arch) && fits(libc, 'glibc'),
  ).length;
}

/** With `--loglevel http` npm names every file that it fetches. */
export function npmNote(total) {
  let fetched = 0;
  return (line) => {
    if (!/^npm http (fetch|cache) .*\.tgz\b/.test(line)) return undefined;
    fetched += 1;
    return fetched < total ? `${fetched} of ${total} packages` : `${fetched} packages, unpacking`;
  };
}

/** @param requirements text of the file that pip is given */
export function pipNote(requirements) {
  const total = [...requirements.matchAll(/^[\w.[\]-]+==/gm)].length;
  let collected = 0;
  return (line) => {
    if (line.startsWith('Installing collected packages')) return `unpacking ${total} packages`;
    const name = /^Collecting ([\w.-]+)/.exec(line)?.[1];
    if (name === undefined) return undefined;
    collected += 1;
    return `${collected} of ${total}: ${name}`;
  };
}

/** Of a package manager of the system: whatever it does now, as it says it. */
export function lastLineNote() {
  return (line) => {
    const text = line.trim();
    return text === '' ? undefined : text.slice(0, 60);
  };
}
