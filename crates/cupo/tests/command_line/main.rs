//! The program as people meet it: its help, its exit codes, its refusals, in both languages.

use assert_cmd::Command;
use std::path::{Path, PathBuf};

mod refusals;

fn cupo() -> Command {
    let mut command = Command::cargo_bin("cupo").expect("the binary is built with its tests");
    for (variable, _) in std::env::vars_os() {
        let name = variable.to_string_lossy();
        if name.starts_with("CUPO_") || name.starts_with("LC_") || name == "LANG" {
            command.env_remove(&variable);
        }
    }
    command
}

fn three(file: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../cluster/three").join(file)
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

fn help(words: &str) -> String {
    let output = cupo().args(words.split(' ')).output().expect("the binary runs");
    assert!(output.status.success() && output.stderr.is_empty(), "{words}");
    text(&output.stdout)
}

#[test]
fn help_is_data_and_speaks_both_languages() {
    for words in ["--help", "place find --help", "booking --help", "server run --help"] {
        let name = words.replace(" --help", "").replace("--help", "cupo").replace(' ', "_");
        insta::assert_snapshot!(format!("{name}_es"), help(&format!("--lang es {words}")));
        insta::assert_snapshot!(format!("{name}_en"), help(&format!("--lang en {words}")));
    }
    for words in ["server run --help", "config check --help"] {
        for variable in ["CUPO_CLUSTER", "CUPO_LANG", "CUPO_NODE_ADMISSION__IN_FLIGHT"] {
            assert!(help(words).contains(variable), "{words} does not name {variable}");
        }
    }
}

#[test]
fn help_and_version_are_found_where_people_look() {
    assert_eq!(help("help place find"), help("place find --help"));
    assert_eq!(help("help"), help("--help"));
    assert_eq!(help("--version"), format!("cupo {}\n", env!("CARGO_PKG_VERSION")));
    assert_eq!(help("-V"), help("--version"));
}

#[test]
fn without_a_command_the_help_is_no_data() {
    let output = cupo().output().expect("the binary runs");
    assert_eq!(output.status.code(), Some(2));
    assert!(output.stdout.is_empty());
    assert!(text(&output.stderr).contains("Uso: cupo"));
}

#[test]
fn spanish_unless_somebody_says_otherwise() {
    #[track_caller]
    fn check(arguments: &[&str], variables: &[(&str, &str)], expected: &str) {
        let output = cupo()
            .envs(variables.iter().copied())
            .args(arguments)
            .arg("plaza")
            .output()
            .expect("the binary runs");
        assert_eq!(output.status.code(), Some(2));
        let said = text(&output.stderr);
        assert!(said.starts_with(expected), "{said}");
    }
    check(&[], &[], "error: no conozco la orden plaza");
    check(&[], &[("LANG", "C.UTF-8")], "error: no conozco");
    check(&[], &[("LANG", "en_US.UTF-8")], "error: unknown command plaza");
    check(&[], &[("LANG", "en_US.UTF-8"), ("CUPO_LANG", "es")], "error: no conozco");
    check(&["--lang", "en"], &[("CUPO_LANG", "es")], "error: unknown command");
    check(&["--lang=en"], &[], "error: unknown command");
}

#[test]
fn an_error_says_what_and_why_and_what_to_do() {
    let id = "01890a5d-ac96-774b-bcce-b302099a8057";
    let output = cupo()
        .args(["--cluster", "127.0.0.1:9", "--timeout", "200ms", "--request-id", id])
        .args(["booking", "get", "7"])
        .output()
        .expect("the binary runs");
    assert_eq!(output.status.code(), Some(6));
    assert!(output.stdout.is_empty());
    let said = text(&output.stderr);
    for part in [
        "error: ningún servidor responde\n",
        "por qué: 127.0.0.1:9 (",
        "qué hacer: pon en marcha los servidores",
        "razón: UNREACHABLE\n",
        &format!("solicitud: {id}\n"),
    ] {
        assert!(said.contains(part), "{part:?} is not in {said}");
    }
}

#[test]
fn a_configuration_is_shown_with_its_origins() {
    let output = cupo()
        .env("CUPO_NODE_STOP_SECONDS", "7")
        .args(["config", "check", "-o", "csv", "--data", "elsewhere", "--config"])
        .arg(three("node-1.toml"))
        .output()
        .expect("the binary runs");
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    let shown = text(&output.stdout);
    let folder = three("").display().to_string();
    for line in [
        "key,value,origin".to_owned(),
        "data,elsewhere,--data".to_owned(),
        "stop_seconds,7,$CUPO_NODE_STOP_SECONDS".to_owned(),
        "log,\"info,openraft=error\",default".to_owned(),
        format!("node,1,{folder}node-1.toml"),
        format!("name,three,{folder}cluster.toml"),
    ] {
        assert!(shown.lines().any(|shown| shown == line), "{line} is not in {shown}");
    }
    assert!(text(&output.stderr).contains("la configuración es válida; huella "));
}

#[test]
fn a_misspelt_variable_is_refused_by_a_node_and_warned_of_elsewhere() {
    let node = three("node-1.toml").display().to_string();
    for command in ["server run", "config check"] {
        let output = cupo()
            .env("CUPO_WORKER_THREADS", "3")
            .args(command.split(' '))
            .args(["--lang", "en", "--config", &node])
            .output()
            .expect("the binary runs");
        let said = text(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{said}");
        assert!(said.contains("unknown variable CUPO_WORKER_THREADS"), "{said}");
        assert!(said.contains("did you mean CUPO_NODE_WORKER_THREADS?"), "{said}");
        assert!(output.stdout.is_empty());
    }
    let output = cupo()
        .env("CUPO_CLUSTR", "127.0.0.1:1")
        .args(["--lang", "en", "version"])
        .output()
        .expect("the binary runs");
    assert_eq!(output.status.code(), Some(0));
    let said = text(&output.stderr);
    assert_eq!(said, "warning: CUPO_CLUSTR has no effect; did you mean CUPO_CLUSTER?\n");
}

#[test]
fn a_version_names_its_time_zones_in_every_form() {
    for (format, expected) in [
        ("json", "\"interface\": \"cupo.v1\""),
        ("ndjson", "\"interface\":\"cupo.v1\""),
        ("csv", "version,time_zones,interface"),
        ("table", "cupo.v1"),
    ] {
        let output = cupo().args(["version", "-o", format]).output().expect("the binary runs");
        assert!(output.status.success());
        assert!(text(&output.stdout).contains(expected), "{format}");
    }
}

#[test]
fn completions_are_written_for_every_shell() {
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let output = cupo().args(["completions", shell]).output().expect("the binary runs");
        assert!(output.status.success() && text(&output.stdout).contains("cupo"), "{shell}");
    }
}

#[test]
fn who_stops_reading_is_no_error() {
    let mut child = std::process::Command::new(assert_cmd::cargo::cargo_bin("cupo"))
        .args(["completions", "bash"])
        .stdout(std::process::Stdio::piped())
        .stderr(std::process::Stdio::piped())
        .spawn()
        .expect("the binary runs");
    drop(child.stdout.take());
    let output = child.wait_with_output().expect("it ends");
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
}
