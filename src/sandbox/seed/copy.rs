//! Copies of a story for other customers.

use super::Story;
use crate::domain::ids::{AccountId, UseId};

/// The distance between the ids of copies: the ids of all stories fit in between.
const APART: i64 = 1000;
/// Plates end in four digits.
const PLATES: u32 = 10_000;

impl Story {
    /// The same story for another customer: with their own user, address, account, uses and plates. The copies of one story
    /// share no plate up to number 9999; number 0 is the story itself.
    #[must_use]
    pub fn copy(&self, number: u32) -> Self {
        if number == 0 {
            return self.clone();
        }
        let mut copy = self.clone();
        copy.customer.id += APART * i64::from(number);
        copy.customer.email = format!("{number}.{}", self.customer.email);
        copy.customer.external_id = self.customer.external_id.as_ref().map(|id| format!("{id}-{number}"));
        copy.plate = self.plate.as_deref().map(|plate| another_plate(plate, number));
        copy.message = mentioning(&self.message, self, number).into();
        if let Some(account) = &mut copy.account {
            account.id = AccountId::new(format!("{}-{number}", account.id));
            for vehicle in &mut account.vehicles {
                vehicle.plate = another_plate(&vehicle.plate, number);
            }
        }
        for parking_use in &mut copy.uses {
            parking_use.id = UseId::new(format!("{}-{number}", parking_use.id));
            parking_use.account_id = AccountId::new(format!("{}-{number}", parking_use.account_id));
            parking_use.vehicle.plate = another_plate(&parking_use.vehicle.plate, number);
        }
        copy
    }

    /// All plates in the story, in their spellings there.
    pub fn plates(&self) -> Vec<&str> {
        let registered = self.account.iter().flat_map(|account| &account.vehicles);
        let used = self.uses.iter().map(|parking_use| &parking_use.vehicle);
        let recorded = registered.chain(used).map(|vehicle| vehicle.plate.as_str());
        let mut plates: Vec<&str> = recorded.chain(self.plate.as_deref()).collect();
        plates.sort_unstable();
        plates.dedup();
        plates
    }
}

/// A text with the story's plates replaced by the copy's.
fn mentioning(text: &str, story: &Story, number: u32) -> String {
    story
        .plates()
        .into_iter()
        .fold(text.to_owned(), |text, plate| text.replace(plate, &another_plate(plate, number)))
}

/// A plate with another number at its end, in the same spelling.
fn another_plate(plate: &str, number: u32) -> String {
    let mut signs: Vec<char> = plate.chars().collect();
    let last: Vec<usize> = (0..signs.len()).rev().filter(|at| digit(signs[*at]).is_some()).take(4).collect();
    let own = last.iter().rev().filter_map(|at| digit(signs[*at])).fold(0, |value, digit| value * 10 + digit);
    // 7919 is coprime to the number of plates: no two copies collide.
    let mut other = (own + number % PLATES * 7919) % PLATES;
    for at in last {
        signs[at] = replaced(signs[at], other % 10);
        other /= 10;
    }
    signs.into_iter().collect()
}

/// Full-width digits count too.
fn digit(sign: char) -> Option<u32> {
    sign.to_digit(10).or_else(|| match sign {
        '\u{ff10}'..='\u{ff19}' => Some(u32::from(sign) - 0xff10),
        _ => None,
    })
}

fn replaced(sign: char, digit: u32) -> char {
    let zero = if sign.is_ascii_digit() { u32::from('0') } else { 0xff10 };
    char::from_u32(zero + digit).unwrap_or(sign)
}
