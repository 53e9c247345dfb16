//! HTML comments and the plain text that Zendesk stores beside them (facts §3.3).

/// Converts HTML to text: removes tags, ends lines at blocks, and decodes character references.
pub(super) fn plain_text(html: &str) -> String {
    let mut text = String::new();
    let mut rest = html;
    while let Some((before, after)) = rest.split_once('<') {
        text.push_str(before);
        let Some((tag, after)) = after.split_once('>') else {
            // A lone `<` is no tag.
            text.push('<');
            rest = after;
            continue;
        };
        let name = tag.trim_end_matches('/').split_whitespace().next().unwrap_or_default();
        if ["br", "/p", "/div", "/li", "/tr", "/h1", "/h2", "/h3"].contains(&name.to_lowercase().as_str()) {
            text.push('\n');
        }
        rest = after;
    }
    text.push_str(rest);
    let read = [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&#39;", "'"), ("&nbsp;", " ")];
    let text = read.iter().fold(text, |text, (reference, sign)| text.replace(reference, sign));
    // Last: an escaped `&` starts no reference.
    text.replace("&amp;", "&").trim_end().to_owned()
}

/// Plain text as HTML.
pub(super) fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('\n', "<br>")
}
