//! Lists, filters and searches, as the pages show them from the ledger's outlines.

use std::time::Duration;

use misread::domain::case::Case;
use misread::domain::ids::TicketId;
use misread::domain::person::Role;
use misread::ports::{Act, CaseState, Tickets};
use reqwest::StatusCode;
use reqwest::header::{CONTENT_DISPOSITION, CONTENT_TYPE};

use super::{PAID, Place, gives_up_soon, name};

/// The tickets that a list names, in its order.
pub(super) fn listed(page: &str) -> Vec<String> {
    let links = page.split("<th scope=\"row\"><a href=\"/tickets/").skip(1);
    links.map(|rest| rest.split_once('"').unwrap().0.to_owned()).collect()
}

/// All sample customers, after days.
async fn lived(place: &Place) -> Vec<TicketId> {
    let stories = place.world.sandbox.stories.clone();
    let ids = stories.iter().map(|story| place.world.open(story)).collect();
    for _ in 0..5 {
        place.world.until_idle().await;
        place.world.pass(Duration::from_hours(13));
    }
    place.world.until_idle().await;
    ids
}

#[tokio::test]
async fn a_line_of_a_list_says_what_the_tickets_own_page_says() {
    for place in Place::on_each(|_| {}).await {
        let ids = lived(&place).await;
        let store = place.world.service.store();
        assert!(store.outline(None, 99).await.unwrap().is_empty(), "every append brought its outline");
        let mut browser = place.signed_in(Role::Admin).await;
        let mut kinds = std::collections::BTreeSet::new();
        let mut list = String::new();
        for state in ["active", "waiting", "stuck", "ended"] {
            let mut next = Some(format!("/tickets?state={state}"));
            while let Some(path) = next {
                let page = browser.page(&path).await;
                let link =
                    page.split_once("\" rel=\"next\"").map(|(before, _)| before.rsplit_once('"').unwrap().1);
                next = link.map(|link| link.replace("&amp;", "&"));
                list.push_str(&page);
            }
        }
        for id in &ids {
            let own = browser.page(&format!("/tickets/{id}")).await;
            let fact = |label: &str| {
                let (_, rest) = own.split_once(&format!("<dt>{label}</dt><dd>"))?;
                Some(rest.split_once("</dd>").unwrap().0.to_owned())
            };
            let (_, row) = list.split_once(&format!("/tickets/{id}\">{id}</a></th>")).unwrap();
            let row = row.split_once("</tr>").unwrap().0;
            let cells: Vec<&str> = row
                .split("</td>")
                .map(|cell| cell.rsplit_once("<td>").map_or(cell, |(_, cell)| cell))
                .collect();
            let none = String::new;
            assert_eq!(cells[0], fact("상태").unwrap(), "{id}");
            let waits = fact("기다리는 대상").unwrap_or_else(none);
            assert_eq!(cells[1], waits.split(" · ").next().unwrap(), "{id}");
            assert_eq!(cells[2], fact("끝").unwrap_or_else(none), "{id}");
            let won = fact("금액").unwrap_or_else(none);
            assert!(row.contains(&format!("<td class=\"figure\">{won}</td>")), "{id}: {row}");
            assert!(row.contains(&format!("<td>{}</td>", fact("언제부터").unwrap())), "{id}: {row}");
            if let Some(decided) = fact("판단") {
                let code = decided.rsplit_once("<code>").unwrap().1.split_once('<').unwrap().0.to_owned();
                assert!(row.contains(&format!("<code>{code}</code>")), "{id}: {row}");
            }
            kinds.insert((cells[0].to_owned(), cells[1].to_owned(), cells[2].to_owned()));
        }
        assert!(kinds.len() > 5, "{kinds:?}");
    }
}

#[tokio::test]
async fn a_filter_in_the_address_shows_the_tickets_that_fit() {
    for place in Place::on_each(|_| {}).await {
        let ids = lived(&place).await;
        let mut browser = place.signed_in(Role::View).await;
        let mut outlines = Vec::new();
        for id in &ids {
            let journal = place.world.service.store().load(*id).await.unwrap().journal;
            let case = Case::fold(*id, journal.iter().map(|one| (one.at, &one.entry)));
            outlines.push((*id, case.outline(), place.world.state(*id).await));
        }
        let (id, paid, _) = outlines.iter().find(|(_, outline, _)| outline.lot.is_some()).unwrap();
        let (lot, row, won) = (paid.lot.clone().unwrap(), paid.row.clone().unwrap(), paid.won.unwrap().0);
        let day = misread::domain::seoul::seoul(paid.since).date();
        for (query, fits) in [
            (
                format!("lot={lot}"),
                Box::new(|o: &misread::domain::case::Outline, _| o.lot == paid.lot)
                    as Box<dyn Fn(&misread::domain::case::Outline, CaseState) -> bool>,
            ),
            (format!("row={row}"), Box::new(|o, _| o.row == paid.row)),
            (format!("lot={lot}&row={row}"), Box::new(|o, _| o.row == paid.row && o.lot == paid.lot)),
            (format!("won_from={won}&won_to={won}"), Box::new(|o, _| o.won == paid.won)),
            (
                format!("from={day}&to={day}"),
                Box::new(|o, _| misread::domain::seoul::seoul(o.since).date() == day),
            ),
            (
                "ending=handed_over".to_owned(),
                Box::new(|o, _| o.ending == Some(misread::domain::case::Ending::HandedOver)),
            ),
            ("state=waiting".to_owned(), Box::new(|_, state| state == CaseState::Waiting)),
            ("waits=payment".to_owned(), Box::new(|o, _| o.awaits == Some(misread::ports::Lane::Payment))),
        ] {
            let (mut found, mut next) = (Vec::new(), Some(format!("/tickets?{query}")));
            while let Some(path) = next {
                let page = browser.page(&path).await;
                found.extend(listed(&page));
                let link = page.split_once("\" rel=\"next\"");
                let link = link.map(|(before, _)| before.rsplit_once('"').unwrap().1);
                next = link.map(|link| link.replace("&amp;", "&"));
            }
            found.sort_unstable();
            let fitting = outlines.iter().filter(|(_, outline, state)| fits(outline, *state));
            let mut expected: Vec<String> = fitting.map(|(id, ..)| id.to_string()).collect();
            expected.sort_unstable();
            assert_eq!(found, expected, "{query}");
        }
        let plate = paid.plate.clone().unwrap();
        let page = browser.page(&format!("/tickets?q={plate}")).await;
        assert!(listed(&page).contains(&id.to_string()), "{plate}");
        let spaced: String = plate.chars().flat_map(|sign| [sign, ' ']).collect();
        assert_eq!(listed(&browser.page(&format!("/tickets?q={spaced}")).await), listed(&page));
        let searched = place.accesses().await.into_iter().filter(|access| access.act == Some(Act::Searched));
        let last: String = plate.chars().skip(plate.chars().count() - 4).collect();
        for access in searched {
            assert_eq!(
                access.reason,
                Some(format!("차량번호 끝자리 {last}")),
                "no plate outlives its erasure"
            );
        }
    }
}

#[tokio::test]
async fn a_filter_that_cannot_be_read_or_contradicts_itself_shows_nothing_and_says_why() {
    let place = Place::new().await;
    place.world.open(&place.world.story(PAID));
    place.world.until_idle().await;
    let mut browser = place.signed_in(Role::Operate).await;
    for query in
        ["state=x", "won_from=many", "from=yesterday", "ending=never", "waits=x", "state=ended&waits=payment"]
    {
        let page = browser.page(&format!("/tickets?{query}")).await;
        assert!(listed(&page).is_empty() && page.contains("role=\"alert\""), "{query}: {page}");
        let file = browser.get(&format!("/tickets.csv?{query}")).await;
        assert_eq!(file.status, StatusCode::UNPROCESSABLE_ENTITY, "{query}");
        let bulk = browser.get(&format!("/bulk?{query}&what=retry")).await;
        assert_eq!(bulk.status, StatusCode::UNPROCESSABLE_ENTITY, "{query}");
    }
}

#[tokio::test]
async fn a_file_of_a_filter_opens_in_a_spreadsheet_and_that_it_was_taken_is_recorded() {
    for place in Place::on_each(gives_up_soon).await {
        let stuck = place.stuck().await;
        let settled = place.world.open(&place.world.story(PAID));
        place.world.until_idle().await;
        let mut browser = place.signed_in(Role::Operate).await;
        let answer = browser.get("/tickets.csv?state=ended").await;
        assert_eq!(answer.status, StatusCode::OK);
        assert_eq!(answer.headers[CONTENT_TYPE], "text/csv; charset=utf-8");
        let disposition = answer.headers[CONTENT_DISPOSITION].to_str().unwrap();
        assert!(disposition.starts_with("attachment; filename=\"tickets-2026-"), "{disposition}");
        let lines: Vec<&str> = answer.text.split("\r\n").collect();
        assert!(lines[0].starts_with("\u{feff}\"티켓\",\"상태\""), "{}", lines[0]);
        assert!(
            lines[1].starts_with(&format!("{settled},\"끝남\"")) && lines[1].contains(",8000,"),
            "{lines:?}"
        );
        assert!(!answer.text.contains(&stuck.to_string()));
        let all = browser.get("/tickets.csv").await.text;
        assert!(all.contains("503") && all.contains(&settled.to_string()), "{all}");
        let log = place.accesses().await;
        let taken: Vec<_> = log.iter().filter(|access| access.act == Some(Act::Exported)).collect();
        assert_eq!(taken.len(), 2);
        assert_eq!(taken[0].name, name(Role::Operate));
        assert_eq!(taken[0].reason.as_deref(), Some("상태 끝남"));
    }
}

#[tokio::test]
async fn what_waits_says_what_happens_next_and_when() {
    let place = Place::new().await;
    let id = place.world.open(&place.world.story("답이 없는 고객"));
    place.world.until_idle().await;
    let mut browser = place.signed_in(Role::View).await;
    assert!(browser.page("/waiting").await.contains("답변 요청 알림을 보냄"));
    place.world.hours_later(25).await;
    let later = place.signed_in(Role::View).await.page("/waiting").await;
    assert!(later.contains("무응답으로 마무리") && later.contains(&id.to_string()), "{later}");
}

#[tokio::test]
async fn an_erased_ticket_is_found_by_nothing_of_its_customer() {
    for place in Place::on_each(|_| {}).await {
        let id = place.world.open(&place.world.story(PAID));
        place.world.until_idle().await;
        let plate = place.world.case(id).await.outline().plate.unwrap();
        let store = place.world.service.store();
        let mut browser = place.signed_in(Role::Operate).await;
        let page = browser.page(&format!("/tickets?q={plate}")).await;
        assert_eq!(listed(&page), [id.to_string()]);
        let retention = jiff::SignedDuration::from_hours(1);
        place.world.pass(Duration::from_hours(2));
        misread::worker::upkeep::purge(store.as_ref(), place.world.now(), retention).await.unwrap();
        assert_eq!(store.tickets(Tickets::All, None, 9).await.unwrap(), [id]);
        let mut browser = place.signed_in(Role::Operate).await;
        assert!(listed(&browser.page(&format!("/tickets?q={plate}")).await).is_empty());
        let file = browser.get("/tickets.csv").await.text;
        assert!(file.contains(&format!("{id},\"끝남\"")) && !file.contains("8000"), "{file}");
    }
}
