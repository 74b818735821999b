//! What a container can reach outside of its walls: harmless attempts, each of which should be refused.
//!
//! Nothing is written and nothing is read but its first byte: a file that can be opened is proof enough.

mod probes;

use std::fs::{self, OpenOptions};
use std::os::unix::net::UnixStream;

use axum::Json;
use serde::{Deserialize, Serialize};
use service_kit::problem::Problem;
use service_kit::query::Query;

use self::probes::{capabilities, connect, descriptors, mounts, off, other_processes, read_a_byte};

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
