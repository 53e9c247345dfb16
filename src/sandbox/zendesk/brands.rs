//! Brands of one account (facts §5.3).

use jiff::Timestamp;
use serde::Deserialize;
use serde_json::{Value, json};

use super::moments::ACCOUNT_OPENED;
use super::placement::DEFAULT_BRAND;
use super::refusal::{Flaws, Refusal};
use super::table::Table;

#[derive(Clone, Debug)]
pub(super) struct Brand {
    pub(super) id: i64,
    pub(super) name: String,
    subdomain: String,
    created_at: Timestamp,
}

/// A request's data for a new brand.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct BrandInput {
    name: String,
    subdomain: String,
}

impl Brand {
    /// The brand that every account has.
    fn default_one() -> Self {
        let (name, subdomain) = ("주차 고객센터".to_owned(), "sandbox".to_owned());
        Self { id: DEFAULT_BRAND, name, subdomain, created_at: ACCOUNT_OPENED }
    }

    pub(super) fn json(&self, base_url: &str, form_ids: &[i64]) -> Value {
        json!({
            "url": format!("{base_url}/api/v2/brands/{}.json", self.id), "id": self.id, "name": self.name,
            "brand_url": format!("https://{}.zendesk.com", self.subdomain), "subdomain": self.subdomain,
            "host_mapping": null, "has_help_center": false, "help_center_state": "disabled",
            "active": true, "default": self.id == DEFAULT_BRAND, "is_deleted": false, "logo": null,
            "ticket_form_ids": form_ids, "signature_template": "{{agent.signature}}",
            "created_at": self.created_at, "updated_at": self.created_at,
        })
    }
}

impl Table<Brand> {
    /// The brands of a new account.
    pub(super) fn of_new_account() -> Self {
        let brand = Brand::default_one();
        [(brand.id, brand)].into_iter().collect()
    }

    pub(super) fn create(&mut self, id: i64, input: BrandInput, now: Timestamp) -> Result<i64, Refusal> {
        let BrandInput { name, subdomain } = input;
        let mut flaws = Flaws::default();
        for (field, text) in [("name", &name), ("subdomain", &subdomain)] {
            if text.trim().is_empty() {
                flaws.add(field, &format!("{field}: cannot be blank"), "BlankValue");
            }
        }
        if self.values().any(|other| other.subdomain == subdomain) {
            flaws.add("subdomain", "Subdomain: has already been taken", "DuplicateValue");
        }
        flaws.into_result()?;
        self.insert(id, Brand { id, name, subdomain, created_at: now });
        Ok(id)
    }
}
