import type { Architecture } from '../../local/images/oci.ts';

export function otherArchitecture(architecture: Architecture): Architecture {
  return architecture === 'amd64' ? 'arm64' : 'amd64';
}

/** The least that passes for a static binary of a processor, an ELF header alone: the kernel refuses to start it. */
export function unrunnable(architecture: Architecture): Buffer {
  const header = Buffer.alloc(64);
  header.writeUInt32BE(0x7f454c46, 0);
  header.write('\x02\x01\x01', 4, 'latin1'); // 64 bits, little endian, version 1
  header.writeUInt16LE(2, 16); // an executable
  header.writeUInt16LE(architecture === 'amd64' ? 62 : 183, 18);
  return header;
}
