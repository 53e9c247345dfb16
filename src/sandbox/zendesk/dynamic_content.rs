//! Dynamic content: texts in several languages, inserted for `{{dc.name}}` (facts §5.3).

use jiff::Timestamp;
use serde::Deserialize;
use serde_json::{Value, json};

use super::profile::KOREAN;
use super::refusal::{Flaws, Refusal};
use super::state::State;

/// A text with its translations.
#[derive(Clone, Debug)]
pub(super) struct ContentItem {
    id: i64,
    pub(super) name: String,
    /// The part after `dc.`; derived from the first name, and kept when the name changes.
    slug: String,
    default_locale_id: i64,
    variants: Vec<Variant>,
    created_at: Timestamp,
    updated_at: Timestamp,
}

#[derive(Clone, Debug)]
struct Variant {
    id: i64,
    locale_id: i64,
    content: String,
    active: bool,
}

/// A request's data for an item.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct ContentInput {
    name: Option<String>,
    default_locale_id: Option<i64>,
    variants: Vec<VariantInput>,
}

#[derive(Debug, Deserialize)]
struct VariantInput {
    locale_id: i64,
    content: String,
    active: Option<bool>,
}

impl ContentItem {
    fn text(&self, locale_id: i64) -> &str {
        let active =
            |wanted: i64| self.variants.iter().find(|variant| variant.active && variant.locale_id == wanted);
        let variant = active(locale_id).or_else(|| active(self.default_locale_id));
        variant.map_or("", |variant| &variant.content)
    }

    pub(super) fn json(&self, state: &State) -> Value {
        let url = format!("{}/api/v2/dynamic_content/items/{}", state.base_url, self.id);
        let variants = self.variants.iter().map(|variant| {
            json!({
                "url": format!("{url}/variants/{}.json", variant.id), "id": variant.id, "content": variant.content,
                "locale_id": variant.locale_id, "outdated": false, "active": variant.active,
                "default": variant.locale_id == self.default_locale_id,
                "created_at": self.created_at, "updated_at": self.updated_at,
            })
        });
        json!({
            "url": format!("{url}.json"), "id": self.id, "name": self.name,
            "placeholder": format!("{{{{dc.{}}}}}", self.slug), "default_locale_id": self.default_locale_id,
            "outdated": false, "created_at": self.created_at, "updated_at": self.updated_at,
            "variants": variants.collect::<Value>(),
        })
    }
}

/// Letters and digits in lower case; other characters become `_`.
fn slug(name: &str) -> String {
    let words = name.split(|sign: char| !sign.is_alphanumeric()).filter(|word| !word.is_empty());
    words.map(str::to_lowercase).collect::<Vec<_>>().join("_")
}

impl State {
    /// The text with its dynamic content inserted, in the account's own language.
    pub(super) fn resolved(&self, text: &str) -> String {
        self.resolved_for(text, KOREAN)
    }

    /// The text with its dynamic content inserted, in a language, otherwise in each item's default one. Other placeholders
    /// stay.
    pub(super) fn resolved_for(&self, text: &str, locale_id: i64) -> String {
        let mut resolved = String::new();
        let mut rest = text;
        while let Some((before, after)) = rest.split_once("{{") {
            resolved.push_str(before);
            let inner = after.split_once("}}");
            let named = inner.and_then(|(name, after)| Some((name.trim().strip_prefix("dc.")?, after)));
            let Some((name, after)) = named else {
                resolved.push_str("{{");
                rest = after;
                continue;
            };
            let item = self.configuration.dynamic_content.values().find(|item| item.slug == name);
            resolved.push_str(item.map_or("", |item| item.text(locale_id)));
            rest = after;
        }
        resolved + rest
    }

    pub(super) fn create_content(&mut self, input: ContentInput, now: Timestamp) -> Result<i64, Refusal> {
        let mut flaws = Flaws::default();
        let name = input.name.unwrap_or_default();
        if name.trim().is_empty() {
            flaws.add("name", "Name: cannot be blank", "BlankValue");
        }
        if self
            .configuration
            .dynamic_content
            .values()
            .any(|item| item.name == name || item.slug == slug(&name))
        {
            flaws.add("name", "Name: has already been taken", "DuplicateValue");
        }
        let default_locale_id = input.default_locale_id.unwrap_or_default();
        if !input.variants.iter().any(|variant| variant.locale_id == default_locale_id) {
            flaws.add("variants", "Variants: the default language has none", "InvalidValue");
        }
        flaws.into_result()?;
        let id = self.next_id();
        let variants = input.variants.into_iter().map(|variant| Variant {
            id: self.next_id(),
            locale_id: variant.locale_id,
            content: variant.content,
            active: variant.active.unwrap_or(true),
        });
        let variants = variants.collect();
        let item = ContentItem {
            id,
            slug: slug(&name),
            name,
            default_locale_id,
            variants,
            created_at: now,
            updated_at: now,
        };
        self.configuration.dynamic_content.insert(id, item);
        Ok(id)
    }

    /// Changes an item's name, its only mutable part; its placeholder stays.
    pub(super) fn rename_content(
        &mut self,
        id: i64,
        input: ContentInput,
        now: Timestamp,
    ) -> Result<(), Refusal> {
        let item = self.configuration.dynamic_content.get_mut(&id).ok_or(Refusal::NotFound)?;
        item.name = input.name.filter(|name| !name.trim().is_empty()).unwrap_or_else(|| item.name.clone());
        item.updated_at = now;
        Ok(())
    }
}
