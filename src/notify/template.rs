//! The body of a message by a template, for receivers that want another form than ours.

use std::fmt;

use minijinja::value::Serde;
use minijinja::{AutoEscape, Environment, UndefinedBehavior};
use serde::Serialize;
use serde_json::Value;

/// The template's name in its own error messages.
const NAME: &str = "MISREAD_NOTIFY_TEMPLATE";

/// A template of JSON: every value that it inserts is written as JSON, so that no text breaks out of its place.
pub struct BodyTemplate(Environment<'static>);

/// Why a template cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum TemplateError {
    /// It is no template, or names what a message does not have.
    #[error("{NAME} cannot be used: {0}")]
    Template(#[from] minijinja::Error),
    /// It does not make JSON.
    #[error("{NAME} makes no JSON: {0}")]
    NotJson(#[from] serde_json::Error),
}

impl BodyTemplate {
    /// Reads a template and tries it on a message with every field.
    ///
    /// # Errors
    /// If it cannot be used, or does not make JSON.
    pub fn parse(text: &str) -> Result<Self, TemplateError> {
        let mut environment = Environment::new();
        environment.set_undefined_behavior(UndefinedBehavior::Strict);
        environment.set_auto_escape_callback(|_| AutoEscape::Json);
        environment.add_template_owned(NAME, text.to_owned())?;
        let template = Self(environment);
        for message in super::message::samples() {
            template.render(&message)?;
        }
        Ok(template)
    }

    /// The body for a message.
    pub(super) fn render(&self, message: &impl Serialize) -> Result<String, TemplateError> {
        let body = self.0.get_template(NAME)?.render(Serde(message))?;
        serde_json::from_str::<Value>(&body)?;
        Ok(body)
    }
}

impl fmt::Debug for BodyTemplate {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_tuple("BodyTemplate").finish_non_exhaustive()
    }
}
