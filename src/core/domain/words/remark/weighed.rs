//! What the remarks of one sentence make of each other: a denial, a question, or a doubt beside an answer.

use super::{How, Remark};
use crate::domain::words::lexicon::{Firmness, Polarity};

/// What is left of a sentence's remarks. `doubted`: it says "모르겠어요" of nothing in particular; `asks`: it is a question.
pub(super) fn weigh(mut remarks: Vec<Remark>, doubted: bool, asks: bool) -> Vec<Remark> {
    let says_nothing = |remark: &Remark| {
        matches!(
            remark,
            Remark::Both
                | Remark::Thanks
                | Remark::Acknowledges
                | Remark::Opens
                | Remark::Closes
                | Remark::Requests
                | Remark::NamesPlate
                | Remark::Contrast
                | Remark::Weak { .. }
        )
    };
    let last = remarks.iter().rfind(|remark| !says_nothing(remark));
    // A question about the answer itself takes back all of the sentence: "네 제 차 맞아요?"
    let questioned = asks && matches!(last, Some(Remark::Says { how, .. }) if !how.is_firm());
    let end = remarks.len();
    for (place, remark) in remarks.iter_mut().enumerate() {
        if let Remark::Weak { last } = remark {
            *last = place + 1 == end;
        }
    }
    // A sentence of its own that says nothing but "모르겠어요" doubts what was said before it.
    if doubted && !remarks.iter().any(|remark| matches!(remark, Remark::Says { .. } | Remark::Murky(_))) {
        remarks.push(Remark::Wavers);
    }
    // "네 안 갔어요" agrees with itself; "네 제 차 맞는데 안 갔어요" answers.
    let explicit = |polarity: Polarity| move |remark: &Remark| matches!(remark, Remark::Says { about, polarity: said, .. } if !about.is_empty() && *said == polarity);
    let says_yes = remarks.iter().any(explicit(Polarity::Yes)) && !remarks.iter().any(explicit(Polarity::No));
    let denied = remarks.contains(&Remark::Denies);
    let conceded = conceded(&remarks);
    let beside = remarks.contains(&Remark::Other);
    let hesitates = remarks.iter().any(|remark| matches!(remark, Remark::Weak { .. }));
    for (place, remark) in remarks.iter_mut().enumerate() {
        if let Remark::Says { about, polarity, how } = remark {
            let is_conceded = *polarity == Polarity::Yes && place < conceded;
            let questioned = questioned || (asks && *how == How::Statement);
            if questioned && about.is_empty() {
                // "네?" after a yes asks it back.
                *remark = Remark::Wavers;
            } else if doubted
                || questioned
                || (denied && about.is_empty() && !is_conceded && !(says_yes && *polarity == Polarity::Yes))
            {
                *remark = Remark::Murky(about.clone());
            } else if (beside || hesitates) && *how == How::Named {
                // "쿠폰 황당하네요", "아니 쿠폰"
                *remark = Remark::Murky(about.clone());
            } else if beside && about.is_empty() && *how == How::Word {
                *remark = Remark::Aside(*polarity);
            }
        }
    }
    remarks
}

/// How many remarks at the beginning grant that something is right before something else is denied: "네 맞아요 근데 안 갔어요", "네 맞는데
/// 안 갔어요". "네 안 갔어요" grants nothing.
fn conceded(remarks: &[Remark]) -> usize {
    let other = remarks.iter().position(|remark| matches!(remark, Remark::Denies | Remark::Other));
    let before = &remarks[..other.unwrap_or(0)];
    let predicate = |wanted: fn(Firmness) -> bool| move |remark: &Remark| matches!(remark, Remark::Says { polarity: Polarity::Yes, how: How::Predicate(firmness), .. } if wanted(*firmness));
    let contrast = before.iter().position(|remark| *remark == Remark::Contrast).unwrap_or(0);
    let is_contrasted = before[..contrast].iter().any(predicate(|_| true));
    let conceding = before.iter().rposition(predicate(|firmness| firmness == Firmness::Conceding));
    conceding.map_or(0, |place| place + 1).max(if is_contrasted { contrast } else { 0 })
}
