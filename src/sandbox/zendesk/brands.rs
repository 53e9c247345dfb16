//! Brands of one account (facts §5.3).

use jiff::Timestamp;
use serde::Deserialize;
use serde_json::{Value, json};

use super::configuration::ACCOUNT_OPENED;
use super::placement::DEFAULT_BRAND;
use super::refusal::{Flaws, Refusal};
use super::state::State;

/// A brand.
#[derive(Clone, Debug)]
pub(super) struct Brand {
    pub(super) id: i64,
    pub(super) name: String,
    subdomain: String,
    host_mapping: Option<String>,
    signature_template: String,
    pub(super) active: bool,
    created_at: Timestamp,
    updated_at: Timestamp,
}

/// A request's data for a brand. Absent keys stay unchanged.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct BrandInput {
    name: Option<String>,
    subdomain: Option<String>,
    host_mapping: Option<String>,
    signature_template: Option<String>,
    active: Option<bool>,
}

impl Brand {
    /// The brand that every account has.
    pub(super) fn default_one() -> Self {
        Self::new(DEFAULT_BRAND, "주차 고객센터", "sandbox", ACCOUNT_OPENED)
    }

    fn new(id: i64, name: &str, subdomain: &str, created_at: Timestamp) -> Self {
        Self {
            id,
            name: name.to_owned(),
            subdomain: subdomain.to_owned(),
            host_mapping: None,
            signature_template: "{{agent.signature}}".to_owned(),
            active: true,
            created_at,
            updated_at: created_at,
        }
    }

    fn is_default(&self) -> bool {
        self.id == DEFAULT_BRAND
    }

    pub(super) fn json(&self, state: &State) -> Value {
        let forms = state.configuration.forms.values().filter(|form| form.in_brand(self.id));
        json!({
            "url": format!("{}/api/v2/brands/{}.json", state.base_url, self.id), "id": self.id, "name": self.name,
            "brand_url": format!("https://{}.zendesk.com", self.subdomain), "subdomain": self.subdomain,
            "host_mapping": self.host_mapping, "has_help_center": false, "help_center_state": "disabled",
            "active": self.active, "default": self.is_default(), "is_deleted": false, "logo": null,
            "ticket_form_ids": forms.map(super::forms::TicketForm::id).collect::<Vec<_>>(),
            "signature_template": self.signature_template,
            "created_at": self.created_at, "updated_at": self.updated_at,
        })
    }
}

impl State {
    pub(super) fn create_brand(&mut self, input: BrandInput, now: Timestamp) -> Result<i64, Refusal> {
        let id = self.next_id();
        self.keep_brand(Brand::new(id, "", "", now), input, now)?;
        Ok(id)
    }

    pub(super) fn update_brand(&mut self, id: i64, input: BrandInput, now: Timestamp) -> Result<(), Refusal> {
        let brand = self.configuration.brands.get(&id).ok_or(Refusal::NotFound)?.clone();
        self.keep_brand(brand, input, now)
    }

    fn keep_brand(&mut self, mut brand: Brand, input: BrandInput, now: Timestamp) -> Result<(), Refusal> {
        let mut flaws = Flaws::default();
        brand.name = input.name.unwrap_or(brand.name);
        brand.subdomain = input.subdomain.unwrap_or(brand.subdomain);
        for (field, text) in [("name", &brand.name), ("subdomain", &brand.subdomain)] {
            if text.trim().is_empty() {
                flaws.add(field, &format!("{field}: cannot be blank"), "BlankValue");
            }
        }
        let mut others = self.configuration.brands.values().filter(|other| other.id != brand.id);
        if others.any(|other| other.subdomain == brand.subdomain) {
            flaws.add("subdomain", "Subdomain: has already been taken", "DuplicateValue");
        }
        brand.active = input.active.unwrap_or(brand.active);
        if brand.is_default() && !brand.active {
            flaws.add("active", "Active: the default brand cannot be switched off", "InvalidValue");
        }
        flaws.into_result()?;
        brand.host_mapping = input.host_mapping.or(brand.host_mapping);
        brand.signature_template = input.signature_template.unwrap_or(brand.signature_template);
        brand.updated_at = now;
        self.configuration.brands.insert(brand.id, brand);
        Ok(())
    }
}
