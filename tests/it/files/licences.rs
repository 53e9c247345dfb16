//! Every linked package has an allowed licence and comes from the public registry.

use std::process::Command;

use serde::Deserialize;
use sha2::{Digest as _, Sha256};
use spdx::{Expression, LicenseReq, Licensee, ParseMode};

const POLICY: &str = include_str!("../../../.ci/deny.toml");
/// Files of others in the source, each unchanged: what it is, its licence, its SHA-256.
const VENDORED: [(&str, &str, &[u8], &str); 1] = [(
    "htmx 4.0.1, dist/htmx.min.js of the npm package htmx.org",
    "0BSD",
    include_bytes!("../../../src/console/assets/htmx.min.js"),
    "a0abb04f2f45a1f89d1d4844023245537e5e6014c87b144553e0607b4cc32130",
)];
const REGISTRY: &str = "registry+https://github.com/rust-lang/crates.io-index";

#[derive(Deserialize)]
struct Policy {
    licenses: Licences,
    bans: Bans,
}

#[derive(Deserialize)]
struct Licences {
    allow: Vec<String>,
}

#[derive(Deserialize)]
struct Bans {
    deny: Vec<Banned>,
}

#[derive(Deserialize)]
struct Banned {
    #[serde(rename = "crate")]
    name: String,
}

#[derive(Debug, Deserialize)]
struct Metadata {
    packages: Vec<Package>,
}

#[derive(Debug, Clone, Deserialize)]
struct Package {
    name: String,
    version: String,
    license: Option<String>,
    /// Absent for our own packages.
    source: Option<String>,
}

/// The problem of one package, if any.
fn offence(policy: &Policy, package: &Package) -> Option<String> {
    let Package { name, version, license, source } = package;
    let source = source.as_deref()?;
    if source != REGISTRY {
        return Some(format!("{name} {version} comes from {source}"));
    }
    if policy.bans.deny.iter().any(|banned| banned.name == *name) {
        return Some(format!("{name} is banned"));
    }
    let allowed: Vec<Licensee> =
        policy.licenses.allow.iter().map(|text| Licensee::parse(text).unwrap()).collect();
    let text = license.as_deref().unwrap_or("no licence");
    let may = |wanted: &LicenseReq| allowed.iter().any(|licensee| licensee.satisfies(wanted));
    match Expression::parse_mode(text, ParseMode::LAX) {
        Ok(expression) if expression.evaluate(may) => None,
        Ok(_) => Some(format!("{name} {version}: {text} is not allowed")),
        Err(error) => Some(format!("{name} {version}: {text} is no licence: {error}")),
    }
}

/// What cargo knows of the packages without a network.
fn metadata(options: &[&str]) -> Result<Metadata, String> {
    let metadata = Command::new(env!("CARGO"))
        .args(["metadata", "--format-version=1", "--offline", "--locked", "--manifest-path"])
        .arg(concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.toml"))
        .args(options)
        .output()
        .unwrap();
    if !metadata.status.success() {
        return Err(String::from_utf8_lossy(&metadata.stderr).into_owned());
    }
    serde_json::from_slice(&metadata.stdout).map_err(|error| error.to_string())
}

#[test]
fn every_package_has_an_allowed_licence_and_comes_from_the_public_registry() {
    let policy: Policy = toml::from_str(POLICY).unwrap();
    // A first build downloads only what this platform needs; `.ci/run` has the packages of all.
    let host = Command::new("rustc").arg("-vV").output().unwrap().stdout;
    let host = String::from_utf8(host).unwrap();
    let host = host.lines().find_map(|line| line.strip_prefix("host: ")).unwrap();
    let Metadata { packages } = metadata(&[]).or_else(|_| metadata(&["--filter-platform", host])).unwrap();
    assert!(packages.len() > 100, "only {} packages were found", packages.len());
    let offences: Vec<String> = packages.iter().filter_map(|package| offence(&policy, package)).collect();
    assert!(offences.is_empty(), "\n{}\n", offences.join("\n"));
}

#[test]
fn every_file_of_others_is_unchanged_and_has_an_allowed_licence() {
    let policy: Policy = toml::from_str(POLICY).unwrap();
    for (what, licence, content, hash) in VENDORED {
        assert!(policy.licenses.allow.iter().any(|allowed| allowed == licence), "{what}: {licence}");
        let found =
            Sha256::digest(content).iter().fold(String::new(), |hex, byte| hex + &format!("{byte:02x}"));
        assert_eq!(found, hash, "{what} is not as it was released");
    }
}

#[test]
fn a_package_that_may_not_be_used_is_told() {
    let policy: Policy = toml::from_str(POLICY).unwrap();
    let good = Package {
        name: "one".to_owned(),
        version: "1.0.0".to_owned(),
        license: Some("(MIT OR GPL-3.0-only) AND Unicode-3.0".to_owned()),
        source: Some(REGISTRY.to_owned()),
    };
    assert_eq!(offence(&policy, &good), None);
    for (package, told) in [
        (Package { license: Some("GPL-3.0-only".to_owned()), ..good.clone() }, "GPL-3.0-only is not allowed"),
        (Package { license: Some("MIT AND AGPL-3.0-only".to_owned()), ..good.clone() }, "is not allowed"),
        (Package { license: None, ..good.clone() }, "no licence is no licence"),
        (Package { source: Some("git+https://example.com".to_owned()), ..good.clone() }, "comes from git+"),
        (Package { name: "openssl-sys".to_owned(), ..good.clone() }, "openssl-sys is banned"),
    ] {
        let offence = offence(&policy, &package).unwrap();
        assert!(offence.contains(told), "{offence}");
    }
}
