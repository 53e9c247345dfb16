//! Weakens the answers of a sentence by its other remarks: a denial, a question mark or a doubt.

use super::{How, Remark};
use crate::domain::words::lexicon::{Firmness, Polarity};

/// The remarks of a sentence after weighing. `doubted`: it contains a doubt such as "모르겠어요" without a topic; `asks`: it
/// ends with a question mark.
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
    // If the sentence ends by asking about the answer, the question mark withdraws every answer in it: "네 제 차 맞아요?"
    let questioned = asks && matches!(last, Some(Remark::Says { how, .. }) if !how.is_firm());
    let end = remarks.len();
    for (place, remark) in remarks.iter_mut().enumerate() {
        if let Remark::Weak { last } = remark {
            *last = place + 1 == end;
        }
    }
    // A sentence without an answer that only doubts, "모르겠어요", doubts the sentences before it.
    if doubted && !remarks.iter().any(|remark| matches!(remark, Remark::Says { .. } | Remark::Murky(_))) {
        remarks.push(Remark::Wavers);
    }
    // In "네 안 갔어요" the yes only introduces the denial; "네 제 차 맞는데 안 갔어요" answers the question.
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
                // "네?" after a yes questions that yes.
                *remark = Remark::Wavers;
            } else if doubted
                || questioned
                || (denied && about.is_empty() && !is_conceded && !(says_yes && *polarity == Polarity::Yes))
            {
                *remark = Remark::Murky(about.clone());
            } else if (beside || hesitates) && *how == How::Named {
                // "쿠폰 황당하네요" and "아니 쿠폰" are complaints, not choices.
                *remark = Remark::Murky(about.clone());
            } else if beside && about.is_empty() && *how == How::Word {
                *remark = Remark::Aside(*polarity);
            }
        }
    }
    remarks
}

/// The number of remarks at the beginning that concede something before the sentence denies something else: "네 맞아요 근데 안
/// 갔어요", "네 맞는데 안 갔어요". "네 안 갔어요" concedes nothing.
fn conceded(remarks: &[Remark]) -> usize {
    let other = remarks.iter().position(|remark| matches!(remark, Remark::Denies | Remark::Other));
    let before = &remarks[..other.unwrap_or(0)];
    let predicate = |wanted: fn(Firmness) -> bool| move |remark: &Remark| matches!(remark, Remark::Says { polarity: Polarity::Yes, how: How::Predicate(firmness), .. } if wanted(*firmness));
    let contrast = before.iter().position(|remark| *remark == Remark::Contrast).unwrap_or(0);
    let is_contrasted = before[..contrast].iter().any(predicate(|_| true));
    let conceding = before.iter().rposition(predicate(|firmness| firmness == Firmness::Conceding));
    conceding.map_or(0, |place| place + 1).max(if is_contrasted { contrast } else { 0 })
}
