//! The admin's credentials are read only by commands that set up the account.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::ffi::OsString;

use misread::config::{self, Environment, ZendeskCredentials};

const SERVICE: &[(&str, &str)] = &[
    ("MISREAD_WEBHOOK_SECRET", "own-secret-1-of-these-tests"),
    ("MISREAD_ZENDESK_URL", "https://acme.zendesk.com"),
    ("MISREAD_ZENDESK_CLIENT_ID", "client-id"),
    ("MISREAD_ZENDESK_CLIENT_SECRET", "client-hush-of-these-tests"),
    ("MISREAD_PARKING_URL", "http://127.0.0.1:8081"),
    ("MISREAD_PARKING_TOKEN", "parking-hush-of-these-tests"),
];
const ADMIN: &[(&str, &str)] = &[
    ("MISREAD_ZENDESK_ADMIN_CLIENT_ID", "admin-id"),
    ("MISREAD_ZENDESK_ADMIN_CLIENT_SECRET", "admin-hush-of-these-tests"),
];

/// An environment that records which variables were read.
#[derive(Debug)]
struct Watched {
    variables: BTreeMap<String, String>,
    asked: RefCell<Vec<String>>,
}

impl Environment for Watched {
    fn variable(&self, name: &str) -> Option<OsString> {
        self.asked.borrow_mut().push(name.to_owned());
        self.variables.get(name).map(OsString::from)
    }

    fn names(&self) -> Vec<OsString> {
        self.variables.keys().map(OsString::from).collect()
    }
}

fn environment(parts: &[&[(&str, &str)]]) -> Watched {
    let all = parts.iter().flat_map(|part| part.iter());
    let variables = all.map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    Watched { variables, asked: RefCell::default() }
}

#[test]
fn the_running_service_never_looks_at_the_admins_credentials() {
    let environment = environment(&[SERVICE, ADMIN]);
    let shown = format!("{:?}", config::load(&environment));
    assert!(!shown.contains("admin-"), "{shown}");
    let asked = environment.asked.borrow();
    assert!(asked.iter().any(|name| name == "MISREAD_ZENDESK_CLIENT_SECRET"), "{asked:?}");
    let admin: Vec<_> = asked.iter().filter(|name| name.contains("ADMIN")).collect();
    assert!(admin.is_empty(), "{admin:?}");
}

#[test]
fn an_admin_signs_in_by_exactly_one_complete_kind_of_credentials() {
    let url: &[(&str, &str)] = &[("MISREAD_ZENDESK_URL", "https://acme.zendesk.com")];
    let legacy: &[(&str, &str)] = &[
        ("MISREAD_ZENDESK_ADMIN_EMAIL", "a@b.c"),
        ("MISREAD_ZENDESK_ADMIN_API_TOKEN", "token-hush-of-these-tests"),
    ];
    let (_, admin) = config::load_admin(&environment(&[url, ADMIN])).unwrap();
    let ZendeskCredentials::OAuth { client_id, .. } = &admin.credentials else { panic!("{admin:?}") };
    assert_eq!((client_id.as_str(), admin.zendesk_url.as_str()), ("admin-id", "https://acme.zendesk.com"));
    let (_, by_token) = config::load_admin(&environment(&[url, legacy])).unwrap();
    assert!(matches!(by_token.credentials, ZendeskCredentials::ApiToken { .. }));
    assert!(!format!("{admin:?}{by_token:?}").contains("hush"));
    for wrong in [&[url][..], &[url, &ADMIN[..1]], &[url, ADMIN, legacy], &[url, SERVICE]] {
        let report = config::load_admin(&environment(wrong)).unwrap_err().to_string();
        assert!(report.contains("the admin credentials for Zendesk are not complete"), "{report}");
        assert!(
            report.contains("MISREAD_ZENDESK_ADMIN_CLIENT_SECRET (an OAuth client of an admin)"),
            "{report}"
        );
    }
}
