//! Single attempts to reach something outside: `Ok` when the wall is open, else what refused it or what was found.

use std::fs::{self, File};
use std::io::Read;
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

/// Docker's fourteen capabilities and `SYS_PTRACE`.
const CAPABILITIES: u64 = 0xa804_25fb | 1 << 19;
/// A packet that is dropped has no answer; on one machine every answer is there in a millisecond.
const CONNECT_WITHIN: Duration = Duration::from_millis(500);

/// Where a container has something mounted; below `/proc` and `/sys` are what is masked.
const MOUNTS: [&str; 6] = [
    "/proc",
    "/sys",
    "/dev",
    "/etc/hosts",
    "/etc/hostname",
    "/etc/resolv.conf",
];

/// What is masked opens and is empty.
pub(super) fn read_a_byte(path: &str) -> Result<(), String> {
    if fs::metadata(path).is_ok_and(|found| found.is_dir()) {
        let mut entries = fs::read_dir(path).map_err(|error| error.to_string())?;
        return entries
            .next()
            .map(|_| ())
            .ok_or_else(|| "it is empty".into());
    }
    let mut file = File::open(path).map_err(|error| error.to_string())?;
    match file.read(&mut [0]) {
        Ok(0) => Err("it is empty".into()),
        Ok(_) => Ok(()),
        Err(error) => Err(error.to_string()),
    }
}

pub(super) fn connect(address: &str) -> Result<TcpStream, String> {
    let address: SocketAddr = address.parse().map_err(|_| "no address".to_owned())?;
    TcpStream::connect_timeout(&address, CONNECT_WITHIN).map_err(|error| error.to_string())
}

/// Processes that are visible and not of this container.
pub(super) fn other_processes() -> Result<(), String> {
    let own = fs::read_link("/proc/self/ns/pid").map_err(|error| error.to_string())?;
    let all = fs::read_dir("/proc").map_err(|error| error.to_string())?;
    let mut seen = 0;
    for entry in all.flatten() {
        let name = entry.file_name();
        if name.to_string_lossy().parse::<u32>().is_err() {
            continue;
        }
        seen += 1;
        // One that ended, or that may not be looked at, is none that could be harmed.
        if fs::read_link(entry.path().join("ns/pid")).is_ok_and(|other| other != own) {
            return Ok(());
        }
    }
    // A health check may run beside this one.
    if seen > 4 {
        return Ok(());
    }
    Err("only its own are there".into())
}

/// Files beyond standard input, output and error.
pub(super) fn descriptors() -> Result<(), String> {
    let all = fs::read_dir("/proc/self/fd").map_err(|error| error.to_string())?;
    for entry in all.flatten() {
        let standard = ["0", "1", "2"].iter().any(|one| entry.file_name() == *one);
        let Ok(target) = fs::read_link(entry.path()) else {
            continue;
        };
        if !standard
            && target.is_absolute()
            && !target.starts_with("/proc")
            && !target.starts_with("/dev")
        {
            return Ok(());
        }
    }
    Err("only its own are open".into())
}

pub(super) fn mounts() -> Result<(), String> {
    let text = fs::read_to_string("/proc/self/mountinfo").map_err(|error| error.to_string())?;
    let strange = text
        .lines()
        .filter_map(|line| line.split(' ').nth(4))
        .any(|place| {
            place != "/"
                && !MOUNTS
                    .iter()
                    .any(|one| place == *one || place.starts_with(&format!("{one}/")))
        });
    if strange {
        return Ok(());
    }
    Err("only its own are there".into())
}

fn status_of(name: &str) -> Result<String, String> {
    let text = fs::read_to_string("/proc/self/status").map_err(|error| error.to_string())?;
    text.lines()
        .find_map(|line| line.strip_prefix(&format!("{name}:")))
        .map(|value| value.trim().to_owned())
        .ok_or_else(|| format!("there is no {name}"))
}

pub(super) fn capabilities() -> Result<(), String> {
    let bounding = status_of("CapBnd")?;
    let all = u64::from_str_radix(&bounding, 16).map_err(|error| error.to_string())?;
    if all & !CAPABILITIES != 0 {
        return Ok(());
    }
    Err(format!("at most {bounding}"))
}

/// A wall that is off is an attempt that worked.
pub(super) fn off(name: &str, on: &str) -> Result<(), String> {
    if status_of(name)? != on {
        return Ok(());
    }
    Err(format!("{name} is {on}"))
}
