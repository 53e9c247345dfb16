//! Lots of every kind that the policy distinguishes.

use crate::domain::ids::LotId;
use crate::domain::parking::{Airport, Linkage, Lot, Operation};

/// The usual lot: a partner's, linked, open, with [앱결제 취소].
fn partner(id: &str, name: &str, region: &str) -> Lot {
    Lot {
        id: LotId::new(id),
        name: name.to_owned(),
        region: region.to_owned(),
        operation: Operation::Partner,
        linkage: Linkage::Linked,
        closed: false,
        airport: None,
        self_cancel: true,
    }
}

pub(super) fn gangnam() -> Lot {
    partner("lot-1001", "강남 센트럴타워 주차장", "서울 강남구 역삼동")
}

pub(super) fn coex() -> Lot {
    Lot { self_cancel: false, ..partner("lot-1002", "무역센터(코엑스)", "서울 강남구 삼성동") }
}

pub(super) fn nami_island() -> Lot {
    let lot = partner("lot-1003", "남이섬", "강원 춘천시 남산면");
    Lot { self_cancel: false, linkage: Linkage::Unlinked, ..lot }
}

pub(super) fn incheon_airport() -> Lot {
    let lot = partner("lot-1004", "인천공항 제1여객터미널", "인천 중구 운서동");
    Lot { airport: Some(Airport::Incheon), self_cancel: false, ..lot }
}

pub(super) fn haeundae() -> Lot {
    Lot {
        linkage: Linkage::Other, ..partner("lot-1005", "해운대 마린플라자 주차장", "부산 해운대구 우동")
    }
}

/// Run by the company itself.
pub(super) fn pangyo() -> Lot {
    Lot {
        operation: Operation::Direct, ..partner("lot-2001", "판교역 직영 주차타워", "경기 성남시 백현동")
    }
}

/// Run by the company itself.
pub(super) fn seongsu() -> Lot {
    Lot {
        operation: Operation::Direct, ..partner("lot-2002", "성수 직영 주차장", "서울 성동구 성수동2가")
    }
}

/// Out of business.
pub(super) fn sinchon() -> Lot {
    let lot = partner("lot-3001", "신촌 명물거리 주차장", "서울 서대문구 창천동");
    Lot { closed: true, self_cancel: false, ..lot }
}

/// Out of business.
pub(super) fn dunsan() -> Lot {
    let lot = partner("lot-3002", "둔산 갤러리아 뒤 노외주차장", "대전 서구 둔산동");
    Lot { closed: true, self_cancel: false, linkage: Linkage::Unlinked, ..lot }
}
