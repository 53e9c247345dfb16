//! The authentication of a webhook to its receiver (facts §1.6).

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

/// The authentication of a webhook to its receiver. Its data is secret: the API never returns it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::zendesk) enum Authentication {
    Basic { username: String, password: String },
    BearerToken { token: String },
    ApiKey { name: String, value: String },
}

impl Authentication {
    /// Parses `{"type","data","add_position"}`; `Err` is the problem.
    pub(super) fn parse(value: &Value) -> Result<Self, String> {
        let data = |key: &str| {
            let text = value["data"][key].as_str().filter(|text| !text.is_empty());
            text.map(str::to_owned).ok_or_else(|| format!("authentication data needs {key}"))
        };
        if value["add_position"] != "header" {
            return Err("authentication add_position must be header".to_owned());
        }
        match value["type"].as_str() {
            Some("basic_auth") => {
                Ok(Self::Basic { username: data("username")?, password: data("password")? })
            }
            Some("bearer_token") => Ok(Self::BearerToken { token: data("token")? }),
            Some("api_key") => Ok(Self::ApiKey { name: data("name")?, value: data("value")? }),
            _ => Err("authentication type is not supported".to_owned()),
        }
    }

    /// The name and the value of the header that authenticates a request.
    pub(in crate::zendesk) fn header(&self) -> (String, String) {
        match self {
            Self::Basic { username, password } => {
                let credentials = STANDARD.encode(format!("{username}:{password}"));
                ("Authorization".to_owned(), format!("Basic {credentials}"))
            }
            Self::BearerToken { token } => ("Authorization".to_owned(), format!("Bearer {token}")),
            Self::ApiKey { name, value } => (name.clone(), value.clone()),
        }
    }

    /// Its form in the API: for basic authentication the user name, for an API key the header's name.
    pub(super) fn shown(&self) -> Value {
        match self {
            Self::Basic { username, .. } => {
                json!({ "type": "basic_auth", "data": { "username": username }, "add_position": "header" })
            }
            Self::BearerToken { .. } => json!({ "type": "bearer_token", "add_position": "header" }),
            Self::ApiKey { name, .. } => {
                json!({ "type": "api_key", "data": { "name": name }, "add_position": "header" })
            }
        }
    }
}
