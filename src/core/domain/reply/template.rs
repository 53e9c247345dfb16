//! The closed grammar of macro texts: `{{ placeholder }}`, `{% if placeholder %}`, `{% else %}`, `{% endif %}`.

use std::ops::Range;

use super::Placeholder;
use crate::domain::problem::Problem;

/// A placeholder that is printed or tested.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Use {
    pub(super) placeholder: Placeholder,
    pub(super) at: Range<usize>,
    /// Whether it may be unknown here: it is tested by an `{% if %}`, or inside one that ensures it is known.
    pub(super) guarded: bool,
}

/// Finds the placeholders that a text prints and tests, or everything that the grammar does not allow. Spans are bytes of
/// `text`.
pub(super) fn scan(text: &str) -> Result<Vec<Use>, Vec<Problem>> {
    let mut scanner = Scanner::default();
    let mut from = 0;
    while let Some(start) = next_tag(text, from) {
        let open = &text[start..start + 2];
        let close = match open {
            "{{" => "}}",
            "{%" => "%}",
            _ => "#}",
        };
        // A second opening mark or a line break before the closing mark means that this one was left open.
        let closed = text[start + 2..].find(close).filter(|length| {
            let inner = &text[start + 2..start + 2 + length];
            open == "{#" || !(inner.contains('\n') || next_tag(inner, 0).is_some())
        });
        let Some(length) = closed else {
            scanner.refuse(start..start + 2, format!("`{open}`을(를) `{close}`(으)로 닫지 않았습니다"), None);
            from = start + 2;
            continue;
        };
        let end = start + 2 + length + 2;
        let inner = text[start + 2..end - 2].trim();
        match open {
            "{{" => scanner.print(inner, start..end),
            "{%" => scanner.tag(inner, start..end),
            _ => scanner.not_allowed(start..end),
        }
        from = end;
    }
    scanner.finish()
}

fn next_tag(text: &str, from: usize) -> Option<usize> {
    let opens = |at: &usize| matches!(text.as_bytes().get(at + 1), Some(b'{' | b'%' | b'#'));
    text[from..].match_indices('{').map(|(found, _)| from + found).find(opens)
}

#[derive(Default)]
struct Scanner {
    uses: Vec<Use>,
    open: Vec<OpenIf>,
    problems: Vec<Problem>,
}

struct OpenIf {
    placeholder: Option<Placeholder>,
    at: Range<usize>,
    in_else: bool,
}

impl Scanner {
    fn print(&mut self, path: &str, at: Range<usize>) {
        if let Some(placeholder) = self.placeholder(path, &at) {
            if placeholder.is_condition() {
                let help = format!("`{{% if {path} %}} … {{% endif %}}`처럼 쓰세요");
                return self.refuse(at, format!("`{path}`은(는) 조건이어서 글로 쓸 수 없습니다"), Some(help));
            }
            let guarded =
                self.open.iter().any(|guard| !guard.in_else && guard.placeholder == Some(placeholder));
            self.uses.push(Use { placeholder, at, guarded });
        }
    }

    fn tag(&mut self, inner: &str, at: Range<usize>) {
        if let Some(path) = inner.strip_prefix("if ") {
            let placeholder = self.placeholder(path.trim(), &at);
            self.uses.extend(placeholder.map(|placeholder| Use {
                placeholder,
                at: at.clone(),
                guarded: true,
            }));
            self.open.push(OpenIf { placeholder, at, in_else: false });
        } else if inner == "endif" {
            if self.open.pop().is_none() {
                self.refuse(at, "`{% if %}` 없이 `{% endif %}`가 있습니다".into(), None);
            }
        } else if inner == "else" {
            match self.open.last_mut() {
                Some(last) if !last.in_else => last.in_else = true,
                _ => self.refuse(at, "`{% if %}` 없이 `{% else %}`가 있습니다".into(), None),
            }
        } else {
            self.not_allowed(at);
        }
    }

    fn not_allowed(&mut self, at: Range<usize>) {
        let help = "쓸 수 있는 것: `{{ 자리표시자 }}`, `{% if 자리표시자 %}`, `{% else %}`, `{% endif %}`";
        self.refuse(at, "매크로에 쓸 수 없습니다".into(), Some(help.into()));
    }

    fn placeholder(&mut self, path: &str, at: &Range<usize>) -> Option<Placeholder> {
        let found = Placeholder::parse(path);
        if found.is_none() {
            let known = Placeholder::ALL
                .iter()
                .map(|known| format!("`{}`", known.path()))
                .collect::<Vec<_>>()
                .join(", ");
            self.refuse(
                at.clone(),
                format!("자리표시자 `{path}`은(는) 없습니다"),
                Some(format!("쓸 수 있는 자리표시자: {known}")),
            );
        }
        found
    }

    fn refuse(&mut self, at: Range<usize>, what: String, help: Option<String>) {
        self.problems.push(Problem { what, at: Some(at), help });
    }

    fn finish(mut self) -> Result<Vec<Use>, Vec<Problem>> {
        for unclosed in std::mem::take(&mut self.open) {
            self.refuse(unclosed.at, "이 `{% if %}`에 `{% endif %}`가 없습니다".into(), None);
        }
        if self.problems.is_empty() { Ok(self.uses) } else { Err(self.problems) }
    }
}
