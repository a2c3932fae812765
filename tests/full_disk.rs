//! A disk without room: a clear refusal, and everything goes on once there is room again.

use crate::support::client::{request_id, within};
use crate::support::cluster::turn;
use crate::support::node::copy_all;
use crate::support::{Client, Cluster, Desk, Load, Nation, reason_of, verdict};
use std::fs::{self, File};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};
use wire::v1::catalogue_service_client::CatalogueServiceClient;
use wire::v1::{ErrorReason, Institution, PutInstitutionRequest};

/// The size of the small disk: three times what a node wants to have free.
const DISK: &str = "size=400m";

/// How long a node may take to notice that its disk is full, or is no longer.
const NOTICE: Duration = Duration::from_secs(10);

/// Set where the story is told in a namespace of its own.
const INSIDE: &str = "CUPO_SMALL_DISK";

/// A small disk; it is taken away at the end, whoever still uses it.
struct SmallDisk(PathBuf);

impl SmallDisk {
    /// A disk at this directory; none where the system does not let us mount.
    fn at(directory: &Path) -> Option<Self> {
        let mounted = Command::new("mount")
            .args(["-t", "tmpfs", "-o", DISK, "tmpfs"])
            .arg(directory)
            .output()
            .is_ok_and(|output| output.status.success());
        mounted.then(|| Self(directory.to_owned()))
    }

    /// Fills it until so many bytes are free; with 0, until nothing more can be written.
    fn fill(&self, free: u64) {
        let shown = Command::new("df").args(["-B1", "--output=avail"]).arg(&self.0).output();
        let shown = String::from_utf8(shown.expect("df is there").stdout).expect("df says text");
        let now: u64 = shown.lines().last().and_then(|n| n.trim().parse().ok()).expect("a number");
        let mut file = File::options().create(true).append(true).open(self.filler()).expect("room");
        let block = vec![7; 1 << 20];
        let blocks = now.saturating_sub(free) / (1 << 20) + u64::from(free == 0);
        for _ in 0..blocks {
            if file.write_all(&block).is_err() {
                assert_eq!(free, 0, "the disk is full too early");
                return;
            }
        }
    }

    fn filler(&self) -> PathBuf {
        self.0.join("somebody-elses-file")
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        drop(Command::new("umount").arg("-l").arg(&self.0).status());
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_node_without_room_says_so_and_the_others_go_on() {
    let place = tempfile::tempdir().expect("a temporary directory");
    if SmallDisk::at(place.path()).is_none() {
        return tell_where_mounting_is_permitted().await;
    }
    let mut cluster = Cluster::start().await;
    // A follower gets the small disk, with what it has so far on it.
    let small = (cluster.leader().await + 1) % 3;
    let node = &mut cluster.nodes[small];
    node.stop().await;
    let aside = node.data.with_extension("aside");
    fs::rename(&node.data, &aside).expect("a directory can be renamed");
    fs::create_dir(&node.data).expect("a new directory");
    let disk = SmallDisk::at(&node.data).expect("it was permitted a moment ago");
    copy_all(&aside, &node.data);
    node.start();
    cluster.ready().await;

    let nation = Nation::found(&cluster.client(), 6, 2).await;
    let desk = Desk::new(cluster.client(), nation, Duration::from_secs(20));
    let load = Load::start(&desk, 4, 3);
    // Nearly full: it takes nothing from callers, and still follows.
    disk.fill(96 << 20);
    assert_eq!(answer(&desk.client, small, true).await, Some(ErrorReason::DiskFull));
    let status = desk.client.status(small).await.expect("a full node says how it stands");
    assert_eq!(status.figures.get("disk.full").map(String::as_str), Some("true"));
    assert!(!status.ready, "a full node is not ready");
    go_on(&mut cluster, &desk).await;
    assert!(cluster.nodes[small].lives(), "a node with some room left does not end");
    // Not a byte is left: it may end, and then says why; the others do not notice.
    disk.fill(0);
    go_on(&mut cluster, &desk).await;
    let ended = !cluster.nodes[small].lives();
    if ended {
        let status = cluster.nodes[small].ended().await;
        let words = cluster.nodes[small].last_words();
        assert_eq!(status.code(), Some(1), "{words}");
        assert!(words.contains("reason: FATAL_DISK") && words.contains("what to do: "), "{words}");
    }
    fs::remove_file(disk.filler()).expect("a file can be removed");
    if ended {
        // As whoever supervises it would.
        cluster.nodes[small].start();
        cluster.ready().await;
    }
    assert_eq!(answer(&desk.client, small, false).await, None, "there is room again");
    verdict(&mut cluster, &desk, load, "a small disk").await;
}

/// Tells the story in a namespace of its own, where anybody may mount, if the system has such.
async fn tell_where_mounting_is_permitted() {
    let _turn = turn().await;
    let own = std::env::current_exe().expect("a test knows where it is");
    let run = move || {
        let namespace = || {
            let mut command = Command::new("unshare");
            command.arg("-Urm");
            command
        };
        let permitted = namespace().arg("true").status().is_ok_and(|status| status.success());
        let story = "full_disk::a_node_without_room_says_so_and_the_others_go_on";
        let words = ["--exact", story, "--nocapture"];
        let inside = std::env::var_os(INSIDE).is_some();
        (permitted && !inside).then(|| namespace().arg(own).args(words).env(INSIDE, "yes").status())
    };
    match tokio::task::spawn_blocking(run).await.expect("it does not panic") {
        Some(told) => assert!(told.is_ok_and(|status| status.success()), "on a small disk"),
        None => eprintln!("SKIPPED: this system lets nobody mount a small disk"),
    }
}

/// The nodes with room go on booking.
async fn go_on(cluster: &mut Cluster, desk: &Desk) {
    let before = desk.notes.given();
    tokio::time::sleep(Duration::from_secs(2)).await;
    assert!(desk.notes.given() > before, "the others do not go on");
    let lives = cluster.nodes.iter_mut().filter_map(|node| node.lives().then_some(())).count();
    assert!(lives >= 2, "only {lives} nodes are left");
}

/// Asks one node for a change until it is refused, or until it no longer is.
async fn answer(client: &Client, at: usize, refused: bool) -> Option<ErrorReason> {
    let until = Instant::now() + NOTICE;
    loop {
        let institution =
            Institution { name: "institutions/IMB".to_owned(), display_name: "IMB".to_owned() };
        let request = PutInstitutionRequest {
            institution: Some(institution),
            request_id: request_id(),
            ..Default::default()
        };
        let mut catalogue = CatalogueServiceClient::new(client.channel(at));
        let answer = catalogue.put_institution(within(Duration::from_secs(3), request)).await;
        if answer.is_err() == refused || Instant::now() > until {
            return answer.err().map(|status| reason_of(&status).unwrap_or_default());
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}
