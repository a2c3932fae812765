//! Three replicas of one process on real disks: commands per second through agreement alone, with
//! every group synced on a quorum.
//!
//! `cargo bench -p replica --bench propose`; the directory can be chosen with `CUPO_BENCH_DIR`.

use bytes::Bytes;
use ledger::acts::PutInstitution;
use ledger::words::{Institution, InstitutionCode, RequestId, Text};
use ledger::{Act, Command};
use replica::history::MemoryRoom;
use replica::{
    Instant, Member, Network, NodeId, Pact, Parts, PeerCall, Replica, Settings, Unreachable,
};
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime, UNIX_EPOCH};
use store::disk::RealDisk;

/// How long each row is measured.
const MEASURED: Duration = Duration::from_secs(4);

#[derive(Clone, Default)]
struct Mesh(Arc<Mutex<BTreeMap<u64, Replica>>>);

#[async_trait::async_trait]
impl Network for Mesh {
    async fn call(
        &self,
        to: &Member,
        call: PeerCall,
        body: Bytes,
        until: Instant,
    ) -> Result<Bytes, Unreachable> {
        let peer = self.0.lock().expect("nobody panics").get(&to.id.0).cloned();
        let peer = peer.ok_or_else(|| Unreachable::NotSent { reason: String::from("down") })?;
        let answer = tokio::time::timeout_at(until, peer.answer(call, body)).await;
        let answer = answer.map_err(|_| Unreachable::Unknown { reason: String::from("late") })?;
        answer.map_err(|error| Unreachable::NotSent { reason: error.to_string() })
    }
}

fn main() {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .expect("a runtime");
    let parent = std::env::var_os("CUPO_BENCH_DIR");
    let directory = match parent {
        Some(parent) => tempfile::tempdir_in(parent),
        None => tempfile::tempdir(),
    };
    let directory = directory.expect("a directory to write to");
    runtime.block_on(measure(directory.path()));
}

async fn measure(directory: &Path) {
    let replicas = cluster(directory).await;
    let leader = loop {
        let leads = replicas.iter().find(|r| r.status().role == replica::Role::Leader);
        if let Some(leader) = leads {
            break leader.clone();
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    };
    let follower = replicas.iter().find(|r| r.status().role != replica::Role::Leader);
    let follower = follower.expect("two follow").clone();
    println!(
        "{:>9} {:>7} {:>5} {:>12} {:>9} {:>9}",
        "at", "callers", "batch", "commands/s", "p50", "p99"
    );
    for (at, node) in [("leader", &leader), ("follower", &follower)] {
        for (callers, batch) in [(1, 1), (64, 1), (256, 1), (1, 64), (8, 64), (16, 64), (4, 8_192)]
        {
            row(at, node, callers, batch).await;
        }
    }
    for replica in replicas {
        replica.stop().await;
    }
}

async fn cluster(directory: &Path) -> Vec<Replica> {
    let mesh = Mesh::default();
    let member = |id| Member { id: NodeId(id), address: format!("{id}") };
    let mut replicas = Vec::new();
    for id in 1..=3 {
        let disk = RealDisk::open(&directory.join(format!("{id}"))).expect("a disk");
        let settings =
            Settings::new(NodeId(id), Pact { cluster: 1, fingerprint: [0; 32] }, 1, u128::from(id));
        let parts = Parts::new(
            Arc::new(disk),
            Box::new(MemoryRoom),
            Arc::new(mesh.clone()),
            Arc::new(|fatal| panic!("{fatal}")),
        );
        let replica = Replica::start(settings, parts).await.expect("it starts");
        mesh.0.lock().expect("nobody panics").insert(id, replica.clone());
        replicas.push(replica);
    }
    replicas[0].initialize((1..=3).map(member).collect()).await.expect("it begins");
    replicas
}

async fn row(at: &str, node: &Replica, callers: usize, batch: usize) {
    let done = Arc::new(AtomicU64::new(0));
    let begun = Instant::now();
    let mut tasks = Vec::new();
    for _ in 0..callers {
        let (node, done) = (node.clone(), done.clone());
        tasks.push(tokio::spawn(async move {
            let mut times = Vec::new();
            while begun.elapsed() < MEASURED {
                let commands = (0..batch).map(|_| command()).collect();
                let asked = Instant::now();
                let until = asked + Duration::from_secs(10);
                node.propose(commands, until).await.expect("it is carried out");
                times.push(asked.elapsed());
                done.fetch_add(batch as u64, Ordering::Relaxed);
            }
            times
        }));
    }
    let mut times = Vec::new();
    for task in tasks {
        times.extend(task.await.expect("nobody panics"));
    }
    times.sort_unstable();
    let rate = done.load(Ordering::Relaxed) as f64 / begun.elapsed().as_secs_f64();
    let quantile = |part: f64| times[((times.len() - 1) as f64 * part) as usize];
    println!(
        "{at:>9} {callers:>7} {batch:>5} {rate:>12.0} {:>9.2?} {:>9.2?}",
        quantile(0.5),
        quantile(0.99)
    );
}

/// A command that is carried out whenever it comes.
fn command() -> Command {
    static REQUESTS: AtomicU64 = AtomicU64::new(0);
    let since = SystemTime::now().duration_since(UNIX_EPOCH).expect("it is after 1970");
    let number = REQUESTS.fetch_add(1, Ordering::Relaxed);
    let uuid = since.as_millis() << 80 | 0x7 << 76 | 0b10 << 62 | u128::from(number);
    let code = InstitutionCode::parse("IMS").expect("three letters");
    let name = Text::new("Instituto Mexicano del Seguro Social").expect("it is short");
    let act = Act::PutInstitution(PutInstitution { code, institution: Institution { name } });
    Command { request: RequestId::Unique(uuid), ..Command::natural(act) }
}
