//! The texts for customers: what serves, where it comes from, what it must mention, and what is broken.

use serde::Serialize;

use crate::console::Parts;
use crate::console::dispatch::{Refused, Visit};
use crate::console::page::Reply;
use crate::domain::case::Playbook;
use crate::domain::reply::{AccountMacro, Mention, Said, Serves, Wording};
use crate::ports::{MacroStanding, MacroWarning};
use crate::story::minute;
use crate::story::texts::{Variant, audience, previews};

#[derive(Serialize)]
struct Content {
    /// Broken ones first.
    texts: Vec<Standing>,
    broken: usize,
    from_account: bool,
    read_at: Option<String>,
}

/// A text as it stands.
#[derive(Serialize)]
struct Standing {
    name: String,
    title: String,
    audience: &'static str,
    source: Source,
    mentions: Vec<Tick>,
    broken: Option<Broken>,
}

/// Where the serving text comes from.
#[derive(Serialize)]
struct Source {
    label: &'static str,
    /// The account's macro, found or looked for; `None`: texts come from files only.
    account: Option<AccountText>,
}

#[derive(Serialize)]
struct AccountText {
    title: String,
    /// Its page in Zendesk.
    href: Option<String>,
}

/// What a text must mention, and whether it does.
#[derive(Serialize)]
struct Tick {
    text: String,
    why: String,
    /// `good` or `bad`.
    kind: &'static str,
    sign: &'static str,
    label: &'static str,
}

/// Why the account's text does not serve, and what serves instead.
#[derive(Serialize)]
struct Broken {
    problems: Vec<String>,
    changed_at: Option<String>,
    changed_by: Option<String>,
    serves: String,
    /// The refused text, with what it must mention.
    text: Option<String>,
    mentions: Vec<Tick>,
}

#[derive(Serialize)]
struct One {
    standing: Standing,
    description: Option<String>,
    used: String,
    variants: Vec<Shown>,
}

#[derive(Serialize)]
struct Shown {
    labels: Vec<String>,
    text: String,
}

pub(super) fn show(visit: &Visit<'_>) -> Reply {
    let parts = &visit.console.parts;
    let (playbook, account) = (parts.playbook.playbook(), account(parts));
    let macros = &playbook.macros;
    let titles = macros.iter().map(|(name, found)| (name, found.title.as_str()));
    let titles = titles.chain(macros.paragraphs().map(|(name, found)| (name, found.title.as_str())));
    let mut texts: Vec<Standing> =
        titles.filter_map(|(name, title)| standing(parts, &playbook, &account, (name, title))).collect();
    texts.sort_by_key(|text| text.broken.is_none());
    let content = Content {
        broken: texts.iter().filter(|text| text.broken.is_some()).count(),
        texts,
        from_account: parts.macros.is_some(),
        read_at: account.read_at.map(minute),
    };
    Reply::page("texts.html", "문구", content)
}

pub(super) fn one(visit: &Visit<'_>) -> Result<Reply, Refused> {
    let parts = &visit.console.parts;
    let (playbook, account) = (parts.playbook.playbook(), account(parts));
    let preview = previews(&playbook.policy, &playbook.macros, Some(visit.last())).into_iter().next();
    let preview = preview.ok_or(Refused::NotFound)?;
    let shown = |Variant { labels, text }: Variant| Shown { labels, text };
    let standing =
        standing(parts, &playbook, &account, (preview.name, preview.title)).ok_or(Refused::NotFound)?;
    let title = format!("문구 {}", preview.name);
    let content = One {
        standing,
        description: preview.description.map(str::to_owned),
        used: preview.used,
        variants: preview.variants.into_iter().map(shown).collect(),
    };
    Ok(Reply::page("text.html", title, content))
}

/// The account's macros; empty if the texts are files.
fn account(parts: &Parts) -> MacroStanding {
    parts.macros.as_ref().map(|macros| macros.standing()).unwrap_or_default()
}

fn standing(
    parts: &Parts,
    playbook: &Playbook,
    account: &MacroStanding,
    (name, title): (&str, &str),
) -> Option<Standing> {
    let wording = playbook.macros.wording(name)?;
    let warning = account.warnings.iter().find(|warning| warning.fault.name == name);
    Some(Standing {
        name: name.to_owned(),
        title: title.to_owned(),
        audience: audience(wording),
        source: source(parts, playbook, account, name),
        mentions: wording.mentions().into_iter().map(|(mention, said)| Tick::of(mention, said)).collect(),
        broken: warning.map(|warning| Broken::of(warning, wording, account)),
    })
}

fn source(parts: &Parts, playbook: &Playbook, account: &MacroStanding, name: &str) -> Source {
    let found = account.found.get(name);
    let warning = account.warnings.iter().find(|warning| warning.fault.name == name);
    let serving = playbook.macros.account_id(name);
    let file = || {
        let is_shipped = parts.texts.shipped.get(name).copied() == playbook.macros.text(name);
        if is_shipped { "프로그램과 함께 제공된 글" } else { "설정 폴더의 파일" }
    };
    let label = match warning.map(|warning| warning.fault.serves) {
        Some(Serves::LastGood { .. }) => "계정의 매크로에서 마지막으로 확인된 글",
        None if serving.is_some() && account.read_at.is_none() => "계정의 매크로에서 마지막으로 확인된 글",
        None if serving.is_some() => "계정의 매크로",
        Some(Serves::File) | None => file(),
    };
    let id = found.map(|found| found.id).or(warning.and_then(|warning| warning.fault.macro_id)).or(serving);
    let looked_up = parts.texts.account.as_ref().map(|lookup| lookup.title(name));
    let title = found.map(|found| found.title.clone()).or(looked_up);
    let href = |id: i64| format!("{}/admin/workspaces/agent-workspace/macros/{id}", parts.zendesk_url);
    Source { label, account: title.map(|title| AccountText { title, href: id.map(href) }) }
}

impl Tick {
    fn of(mention: &Mention, said: Said) -> Self {
        let (kind, sign, label) = match said {
            Said::Always if mention.first => ("good", "✓", "첫 글에 들어 있음"),
            Said::Always => ("good", "✓", "들어 있음"),
            Said::Sometimes => ("bad", "✗", "빠지는 경우가 있음"),
            Said::Never => ("bad", "✗", "빠져 있음"),
        };
        Self { text: mention.text.clone(), why: mention.why.clone(), kind, sign, label }
    }
}

impl Broken {
    fn of(warning: &MacroWarning, wording: &Wording, account: &MacroStanding) -> Self {
        let MacroWarning { fault, changed_by } = warning;
        let text = account.found.get(&fault.name).and_then(AccountMacro::text);
        let ticks = text.iter().flat_map(|text| {
            let said = |mention: &Mention| if mention.stands_in(text) { Said::Always } else { Said::Never };
            wording.must_mention.iter().map(move |mention| Tick::of(mention, said(mention)))
        });
        Self {
            problems: fault.problems.clone(),
            changed_at: fault.updated_at.map(minute),
            changed_by: changed_by.clone(),
            serves: match fault.serves {
                Serves::LastGood { updated_at } => {
                    format!("계정의 매크로에서 마지막으로 확인된 글({} 수정)을 보냅니다.", minute(updated_at))
                }
                Serves::File => "파일의 글을 보냅니다.".to_owned(),
            },
            mentions: ticks.collect(),
            text,
        }
    }
}
