use misread::domain::ticket::Warning;
use misread::zendesk::wire::trust::warnings;
use serde_json::json;

#[test]
fn every_flag_has_its_meaning_and_what_cannot_be_read_warns() {
    use Warning::{
        AttachmentRejected, Automatic, NotInConversation, NotSignedIn, NotTrusted, OnBehalf, UnknownFlag,
    };
    for (metadata, expected) in [
        (json!(null), vec![]),
        (json!([]), vec![]),
        (json!({ "system": {}, "custom": { "flags": [3] } }), vec![]),
        (json!({ "flags": null, "flags_options": null, "trusted": null }), vec![]),
        (json!({ "flags": [], "flags_options": {}, "trusted": true }), vec![]),
        (json!({ "flags_options": [] }), vec![]),
        (json!({ "flags": [0] }), vec![NotTrusted]),
        (
            json!({ "flags": [2, 3, 4, 5, 11] }),
            vec![NotInConversation, NotSignedIn, Automatic, AttachmentRejected, OnBehalf],
        ),
        (json!({ "flags": [11], "trusted": false }), vec![OnBehalf]),
        (json!({ "flags": [3], "trusted": true }), vec![NotSignedIn]),
        (json!({ "flags": [], "trusted": false }), vec![NotTrusted]),
        (json!({ "trusted": "no" }), vec![NotTrusted]),
        (json!({ "flags": [1] }), vec![UnknownFlag]),
        (json!({ "flags": [15, 4] }), vec![Automatic, UnknownFlag]),
        (json!({ "flags": ["3"] }), vec![UnknownFlag]),
        (json!({ "flags": [3.5] }), vec![UnknownFlag]),
        (json!({ "flags": 3 }), vec![UnknownFlag]),
        (json!({ "flags": { "3": {} } }), vec![UnknownFlag]),
        (json!({ "flags_options": { "2": { "trusted": false } } }), vec![NotInConversation]),
        (json!({ "flags_options": { "late": {} } }), vec![UnknownFlag]),
        (json!({ "flags_options": "11" }), vec![UnknownFlag]),
        (json!({ "flags": [11], "flags_options": { "11": { "trusted": false } } }), vec![OnBehalf]),
    ] {
        assert_eq!(warnings(&metadata), expected.into_iter().collect(), "{metadata}");
    }
}
