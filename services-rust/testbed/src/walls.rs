//! What a container can reach outside of its walls: harmless attempts, each of which should be refused.
//!
//! Nothing is written and nothing is read but its first byte: a file that can be opened is proof enough.

use std::fs::{self, File, OpenOptions};
use std::io::Read;
use std::net::{SocketAddr, TcpStream};
use std::os::unix::net::UnixStream;
use std::time::Duration;

use axum::Json;
use serde::{Deserialize, Serialize};
use service_kit::problem::Problem;
use service_kit::query::Query;

/// Docker's fourteen capabilities and `SYS_PTRACE`.
const CAPABILITIES: u64 = 0xa804_25fb | 1 << 19;
/// A packet that is dropped has no answer; on one machine every answer is there in a millisecond.
const CONNECT_WITHIN: Duration = Duration::from_millis(500);

const SETTINGS: [&str; 5] = [
    "/proc/sys/kernel/core_pattern",
    "/proc/sys/kernel/modprobe",
    "/proc/sys/net/ipv4/ip_forward",
    "/proc/sys/vm/overcommit_memory",
    "/proc/sysrq-trigger",
];
const KERNEL: [&str; 4] = [
    "/proc/kcore",
    "/proc/keys",
    "/proc/timer_list",
    "/sys/firmware",
];
const DEVICES: [&str; 5] = ["/dev/mem", "/dev/kmsg", "/dev/sda", "/dev/vda", "/dev/fuse"];
/// Where a container has something mounted; below `/proc` and `/sys` are what is masked.
const MOUNTS: [&str; 6] = [
    "/proc",
    "/sys",
    "/dev",
    "/etc/hosts",
    "/etc/hostname",
    "/etc/resolv.conf",
];

/// What is outside, as only who started it knows. Lists with commas.
#[derive(Deserialize)]
pub(crate) struct Outside {
    files: String,
    sockets: String,
    addresses: String,
}

/// One attempt.
#[derive(Serialize)]
pub(crate) struct Attempt {
    what: &'static str,
    tried: String,
    refused: bool,
    answer: String,
}

impl Attempt {
    fn of<T, E: ToString>(what: &'static str, tried: &str, result: Result<T, E>) -> Self {
        Self {
            what,
            tried: tried.to_owned(),
            refused: result.is_err(),
            answer: result
                .err()
                .map_or_else(|| "it worked".to_owned(), |error| error.to_string()),
        }
    }
}

/// `GET /walls`
pub(crate) async fn walls(Query(outside): Query<Outside>) -> Result<Json<Vec<Attempt>>, Problem> {
    tokio::task::spawn_blocking(move || Json(attempts(&outside)))
        .await
        .map_err(|error| {
            Problem::new(
                axum::http::StatusCode::INTERNAL_SERVER_ERROR,
                error.to_string(),
            )
        })
}

fn attempts(outside: &Outside) -> Vec<Attempt> {
    let list = |text: &str| -> Vec<String> {
        let parts = text.split(',').filter(|one| !one.is_empty());
        parts.map(str::to_owned).collect()
    };
    let files = list(&outside.files);
    let sockets = list(&outside.sockets);
    let addresses = list(&outside.addresses);
    let open = |path: &str| read_a_byte(path);
    let change = |path: &str| OpenOptions::new().write(true).open(path);
    [
        each("files of the machine", &files, |path| {
            fs::symlink_metadata(path)
        }),
        each(
            "sockets of agent, proxies and control plane",
            &sockets,
            |path| UnixStream::connect(path),
        ),
        each("networks of others", &addresses, connect),
        each("settings of the kernel", &SETTINGS, change),
        each("memory and keys of the kernel", &KERNEL, open),
        each("devices of the machine", &DEVICES, open),
        vec![
            Attempt::of(
                "limits of its own",
                "/sys/fs/cgroup",
                fs::create_dir("/sys/fs/cgroup/walls"),
            ),
            Attempt::of("processes of others", "/proc", other_processes()),
            Attempt::of(
                "descriptors that were left open",
                "/proc/self/fd",
                descriptors(),
            ),
            Attempt::of("mounts of others", "/proc/self/mountinfo", mounts()),
            Attempt::of("more capabilities", "/proc/self/status", capabilities()),
            Attempt::of(
                "new privileges",
                "/proc/self/status",
                off("NoNewPrivs", "1"),
            ),
            Attempt::of(
                "every system call",
                "/proc/self/status",
                off("Seccomp", "2"),
            ),
        ],
    ]
    .into_iter()
    .flatten()
    .collect()
}

fn each<S: AsRef<str>, T, E: ToString>(
    what: &'static str,
    tried: &[S],
    attempt: impl Fn(&str) -> Result<T, E>,
) -> Vec<Attempt> {
    let tried = tried.iter().map(AsRef::as_ref);
    tried
        .map(|one| Attempt::of(what, one, attempt(one)))
        .collect()
}

/// What is masked opens and is empty.
fn read_a_byte(path: &str) -> Result<(), String> {
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

fn connect(address: &str) -> Result<TcpStream, String> {
    let address: SocketAddr = address.parse().map_err(|_| "no address".to_owned())?;
    TcpStream::connect_timeout(&address, CONNECT_WITHIN).map_err(|error| error.to_string())
}

/// Processes that are visible and not of this container.
fn other_processes() -> Result<(), String> {
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
fn descriptors() -> Result<(), String> {
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

fn mounts() -> Result<(), String> {
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

fn capabilities() -> Result<(), String> {
    let bounding = status_of("CapBnd")?;
    let all = u64::from_str_radix(&bounding, 16).map_err(|error| error.to_string())?;
    if all & !CAPABILITIES != 0 {
        return Ok(());
    }
    Err(format!("at most {bounding}"))
}

/// A wall that is off is an attempt that worked.
fn off(name: &str, on: &str) -> Result<(), String> {
    if status_of(name)? != on {
        return Ok(());
    }
    Err(format!("{name} is {on}"))
}
