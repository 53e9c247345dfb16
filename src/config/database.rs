//! Reads the ledger's address and checks that the connection to it is local, or encrypted and authenticated.

use std::net::IpAddr;

use reqwest::Url;

use super::variables::Variables;
use crate::domain::problem::Problem;

const DEFAULT_DATABASE_URL: &str = "sqlite://misread.db";

impl Variables<'_> {
    pub(super) fn database_url(&mut self) -> Option<String> {
        let url = self.text("MISREAD_DATABASE_URL").unwrap_or_else(|| DEFAULT_DATABASE_URL.to_owned());
        let may_be_unverified = self.switch(
            "MISREAD_DATABASE_UNVERIFIED",
            "set it to 1 only where nobody else can be on the way to the database; otherwise leave it out",
        );
        let is_postgres = url.starts_with("postgres://") || url.starts_with("postgresql://");
        let what = match Url::parse(&url) {
            Ok(parsed) if is_postgres => {
                let verified = may_be_unverified || self.is_local(&parsed) || self.is_verified(&parsed);
                return if verified { Some(url) } else { self.refuse(unverified()) };
            }
            _ if url.starts_with("sqlite:") => return Some(url),
            _ if is_postgres => "is not an address",
            _ => "names neither a SQLite nor a PostgreSQL database",
        };
        self.refuse(Problem::new(format!("`MISREAD_DATABASE_URL` {what}")).help(
            "write `sqlite://` and a path, for example `sqlite:///var/lib/misread/misread.db`, or \
             `postgres://user:password@host:5432/misread` with special characters as %40",
        ))
    }

    /// Whether the server is on this machine. The address may name it as host and as parameters, and PostgreSQL's own
    /// variables name it if the address does not; every name must be local, since the client may use any of them.
    fn is_local(&self, url: &Url) -> bool {
        let of_url = url.host_str().map(str::to_owned).into_iter();
        let mut hosts: Vec<String> = of_url.chain(parameters(url, &["host", "hostaddr"])).collect();
        if hosts.iter().all(String::is_empty) {
            hosts = self.of_postgres(&["PGHOSTADDR", "PGHOST"]);
        }
        hosts.iter().all(|host| is_this_machine(host))
    }

    /// Whether the client checks the server's certificate. `PGSSLMODE` counts only if the address has no `sslmode`.
    fn is_verified(&self, url: &Url) -> bool {
        let mut modes = parameters(url, &["sslmode"]);
        if modes.is_empty() {
            modes = self.of_postgres(&["PGSSLMODE"]);
        }
        !modes.is_empty() && modes.iter().all(|mode| matches!(&**mode, "verify-full" | "verify-ca"))
    }
}

fn parameters(url: &Url, names: &[&str]) -> Vec<String> {
    let pairs = url.query_pairs();
    pairs.filter(|(name, _)| names.contains(&&**name)).map(|(_, value)| value.into_owned()).collect()
}

/// A socket's folder (an address may write its slash as `%2F`), `localhost`, or a loopback address.
fn is_this_machine(host: &str) -> bool {
    let address = host.trim_start_matches('[').trim_end_matches(']').parse::<IpAddr>();
    host.is_empty()
        || host.starts_with('/')
        || host.to_ascii_lowercase().starts_with("%2f")
        || host.eq_ignore_ascii_case("localhost")
        || address.is_ok_and(|address| address.is_loopback())
}

fn unverified() -> Problem {
    let what = "`MISREAD_DATABASE_URL` names a PostgreSQL server on another machine, and its certificate would not be checked: a \
                machine on the way could read the password and customers' data, and change what was decided";
    Problem::new(what).help(
        "write `?sslmode=verify-full` behind the database's name (`&sslrootcert=FILE` for an authority of your own); \
         where the network itself is trusted, set MISREAD_DATABASE_UNVERIFIED=1",
    )
}
