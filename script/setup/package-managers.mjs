/** How the package managers of the Linux distributions install something without a question. */

/**
 * `refresh` fetches their lists first, where `install` does not do it by itself; `simulate` says what an installation would
 * take and does nothing; `size` is the line of it that has the number.
 */
export const MANAGERS = {
  apt: {
    command: 'apt-get',
    refresh: ['update', '-q'],
    install: ['install', '-y', '-q', '--no-install-recommends'],
    simulate: ['install', '--assume-no', '--no-install-recommends'],
    size: [/Need to get (?:[\d.,]+ \w+\/)?([\d.,]+ \w+) of archives/, /([\d.,]+ \w+) of additional disk space/],
  },
  dnf: {
    command: 'dnf',
    install: ['install', '-y', '--setopt=install_weak_deps=False'],
    simulate: ['install', '--assumeno', '--setopt=install_weak_deps=False'],
    size: [/Total download size: ([\d.,]+ ?\w+)/, /Installed size: ([\d.,]+ ?\w+)/],
  },
  apk: { command: 'apk', install: ['add', '--no-cache'] },
  // Without a list of what there is nothing is found; with `-y` alone on a system that is behind, see https://wiki.archlinux.org/title/System_maintenance#Partial_upgrades_are_unsupported
  pacman: { command: 'pacman', install: ['-Sy', '--needed', '--noconfirm'] },
  zypper: {
    command: 'zypper',
    install: ['--non-interactive', 'install', '--no-recommends'],
    simulate: ['--non-interactive', 'install', '--no-recommends', '--dry-run'],
    size: [/download size: ([\d.,]+ \w+)/, /additional ([\d.,]+ \w+) will be used/],
  },
};

/** Debconf asks nothing then: https://manpages.debian.org/debconf.7 */
const QUIETLY = ['env', 'DEBIAN_FRONTEND=noninteractive'];
const prefix = (rights) => ({ root: QUIETLY, sudo: ['sudo', '-n', ...QUIETLY] })[rights];

/** @returns the packages for what is missing, each once; of what this manager has none of, nothing */
export function packagesFor(missing, { manager, distribution }) {
  return [
    ...new Set(
      missing
        .filter(({ notOn = [] }) => !notOn.includes(distribution))
        .flatMap(({ packages }) => (packages[manager] ?? '').split(' '))
        .filter((name) => name !== ''),
    ),
  ];
}

/** What a person types, whole. */
export function lineToType(packages, { manager, rights }) {
  const { command, refresh, install } = MANAGERS[manager];
  const sudo = rights === 'root' ? '' : 'sudo ';
  const type = (words) => `${sudo}${[command, ...words.filter((word) => word !== '-q')].join(' ')}`;
  return [...(refresh === undefined ? [] : [type(refresh)]), `${type(install)} ${packages.join(' ')}`].join(' && ');
}

/** @returns commands with their arguments, in their order; `simulate` is absent where the manager says no size */
export function installation(packages, { manager, rights }) {
  const { command, refresh, install, simulate } = MANAGERS[manager];
  const as = (words) => [...prefix(rights), command, ...words];
  return {
    refresh: refresh && as(refresh),
    simulate: simulate && as([...simulate, ...packages]),
    install: as([...install, ...packages]),
  };
}

/** `84.3 MB to fetch, 301 MB on the disk`, of what the simulation printed; empty when it says nothing. */
export function sizeIn(output, manager) {
  const [fetched, used] = (MANAGERS[manager].size ?? []).map((line) => line.exec(output)?.[1]);
  return [...(fetched ? [`${fetched} to fetch`] : []), ...(used ? [`${used} on the disk`] : [])].join(', ');
}
