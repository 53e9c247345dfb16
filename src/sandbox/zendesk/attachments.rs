//! Files of a comment: only their metadata; there is nothing to download.

use serde::Serialize;
use serde_json::{Value, json};

/// A photograph taken with a telephone.
const SIZE: u32 = 166_144;

/// A file of a comment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Attachment {
    pub id: i64,
    /// Its name as the customer gave it.
    pub file_name: String,
    /// Its URL in the account.
    pub content_url: String,
}

impl Attachment {
    pub(super) fn new(id: i64, file_name: String, base_url: &str) -> Self {
        let content_url = format!("{base_url}/attachments/token/{id}/?name={file_name}");
        Self { id, file_name, content_url }
    }

    pub(super) fn json(&self) -> Value {
        json!({
            "id": self.id, "file_name": self.file_name, "content_url": self.content_url,
            "mapped_content_url": self.content_url, "content_type": self.content_type(), "size": SIZE,
            "width": null, "height": null, "inline": false, "deleted": false, "malware_access_override": false,
            "malware_scan_result": "malware_not_found", "thumbnails": [],
        })
    }

    fn content_type(&self) -> &'static str {
        let ending = self.file_name.rsplit_once('.').map(|(_, ending)| ending.to_lowercase());
        match ending.as_deref() {
            Some("jpg" | "jpeg") => "image/jpeg",
            Some("png") => "image/png",
            Some("heic") => "image/heic",
            Some("mp4") => "video/mp4",
            Some("pdf") => "application/pdf",
            Some("txt") => "text/plain",
            _ => "application/octet-stream",
        }
    }
}
