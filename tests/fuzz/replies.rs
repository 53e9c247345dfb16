//! The shipped macros with hostile values: a value is printed as it is and never read as a template.

use misread::domain::parking::ParkingUse;
use misread::domain::reply::{RenderError, ReplyFacts, outgoing};

use super::input::Input;
use super::samples::{parking_use, playbook, ticket_id};

/// Longer comments are refused by Zendesk. Bytes.
const LONGEST: usize = 65_536;
/// Stand for the values in a text that is known to be harmless.
const STAND_INS: [&str; 3] = ["⟦plate⟧", "⟦name⟧", "⟦region⟧"];

pub(super) fn replies(data: &[u8]) {
    let mut input = Input::new(data);
    let macros = &playbook().macros;
    let names: Vec<&str> = macros.iter().map(|(name, _)| name).collect();
    let paragraphs: Vec<&str> = macros.paragraphs().map(|(name, _)| name).collect();
    let name = input.pick(&names);
    let chosen = input.byte();
    let paragraphs: Vec<&str> = paragraphs
        .into_iter()
        .enumerate()
        .filter(|(at, _)| chosen >> (at % 8) & 1 == 1)
        .map(|(_, name)| name)
        .collect();
    let verified = input.flag();
    let mut values = [input.text(), input.text(), input.text()];
    for value in &mut values {
        // The blanks around a lot's name or region are nobody's, and a text leaves them out.
        let trimmed = value.trim();
        *value = if trimmed.is_empty() { "-".to_owned() } else { trimmed.to_owned() };
    }
    let requester = input.text();
    check(macros.render_with(name, &paragraphs, &[], &facts(&requester, Some(&filled(&values, verified)))));
    check(macros.render_with(name, &paragraphs, &[], &facts(&requester, None)));
    let written =
        macros.render_with(name, &paragraphs, &[], &facts("고객", Some(&filled(&values, verified))));
    let stand_ins = STAND_INS.map(str::to_owned);
    let model =
        macros.render_with(name, &paragraphs, &[], &facts("고객", Some(&filled(&stand_ins, verified))));
    match (written, model) {
        (Ok(written), Ok(model)) => assert_eq!(written, outgoing(replaced(&model, &values))),
        (Err(RenderError::Failed { .. }), Ok(model)) => {
            assert!(replaced(&model, &values).len() > LONGEST / 2);
        }
        (written, model) => assert_eq!(written.err(), model.err(), "values change what can be written"),
    }
}

/// Every value in the place of its stand-in, in one go: a value may hold another's stand-in.
fn replaced(model: &str, values: &[String; 3]) -> String {
    let mut text = String::new();
    let mut rest = model;
    while let Some((at, which)) =
        (0..STAND_INS.len()).filter_map(|which| Some((rest.find(STAND_INS[which])?, which))).min()
    {
        text.push_str(&rest[..at]);
        text.push_str(&values[which]);
        rest = &rest[at + STAND_INS[which].len()..];
    }
    text + rest
}

fn filled(values: &[String; 3], verified: bool) -> ParkingUse {
    let mut parking_use = parking_use();
    let [plate, name, region] = values.clone();
    parking_use.vehicle.plate = plate;
    parking_use.vehicle.ownership_verified = verified;
    (parking_use.lot.name, parking_use.lot.region) = (name, region);
    parking_use
}

pub(super) fn facts<'a>(requester_name: &'a str, parking_use: Option<&'a ParkingUse>) -> ReplyFacts<'a> {
    ReplyFacts {
        ticket_id: ticket_id(),
        requester_name,
        parking_use,
        is_first: true,
        is_answer: false,
        is_letter: true,
    }
}

/// What leaves is short enough and nothing that Zendesk could take for a placeholder; what fails quotes nobody.
pub(super) fn check(written: Result<String, RenderError>) {
    match written {
        Ok(text) => {
            assert!(text.len() <= LONGEST);
            assert!(!text.contains("{{") && !text.contains("{%"), "{text}");
        }
        Err(error) => assert!(error.to_string().is_ascii(), "{error}"),
    }
}
