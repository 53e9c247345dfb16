//! The regions and districts on Korean plates.

/// The administrative areas that older and commercial plates begin with.
pub(super) const REGIONS: &[&str] = &[
    "서울", "부산", "대구", "인천", "광주", "대전", "울산", "세종", "경기", "강원", "충북", "충남", "전북",
    "전남", "경북", "경남", "제주",
];

/// Suffixes that people write after a region, the longer first.
const REGION_ENDINGS: &[&str] = &["특별자치도", "특별자치시", "특별시", "광역시", "도", "시"];

/// The cities, counties and districts on motorcycle plates, without 시, 군 and 구; names of one syllable keep it.
const DISTRICTS: &str = "\
    강남 강동 강북 강서 관악 광진 구로 금천 노원 도봉 동대문 동작 마포 서대문 서초 성동 성북 송파 양천 영등포 용산 은평 종로 중랑 \
    중구 동구 서구 남구 북구 \
    금정 기장 동래 부산진 사상 사하 수영 연제 영도 해운대 \
    군위 달서 달성 수성 강화 계양 남동 미추홀 부평 연수 옹진 광산 대덕 유성 울주 세종 \
    가평 고양 과천 광명 광주 구리 군포 김포 남양주 동두천 부천 성남 수원 시흥 안산 안성 안양 양주 양평 여주 연천 오산 용인 의왕 의정부 \
    이천 파주 평택 포천 하남 화성 \
    강릉 고성 동해 삼척 속초 양구 양양 영월 원주 인제 정선 철원 춘천 태백 평창 홍천 화천 횡성 \
    괴산 단양 보은 영동 옥천 음성 제천 증평 진천 청주 청원 충주 \
    계룡 공주 금산 논산 당진 보령 부여 서산 서천 아산 연기 예산 천안 청양 태안 홍성 \
    고창 군산 김제 남원 무주 부안 순창 완주 익산 임실 장수 전주 정읍 진안 \
    강진 고흥 곡성 광양 구례 나주 담양 목포 무안 보성 순천 신안 여수 영광 영암 완도 장성 장흥 진도 함평 해남 화순 \
    경산 경주 고령 구미 김천 문경 봉화 상주 성주 안동 영덕 영양 영주 영천 예천 울릉 울진 의성 청도 청송 칠곡 포항 \
    거제 거창 김해 남해 마산 밀양 사천 산청 양산 의령 진주 진해 창녕 창원 통영 하동 함안 함양 합천 \
    서귀포 제주 \
    권선 기흥 단원 덕양 동안 만안 분당 상록 수정 수지 영통 일산 장안 중원 처인 팔달 \
    덕진 완산 상당 서원 흥덕 동남 서북 마산합포 마산회원 성산 의창";

/// The region at the start, with the number of characters it takes including its suffix: 서울, 서울시, 경기도.
pub(super) fn regions(signs: &[char]) -> impl Iterator<Item = (&'static str, usize)> + '_ {
    let region = REGIONS.iter().copied().find(|region| starts_with(signs, region));
    region.into_iter().flat_map(|region| {
        let endings = REGION_ENDINGS.iter().filter(|ending| starts_with(&signs[2..], ending));
        endings.map(|ending| ending.chars().count()).chain([0]).map(move |ending| (region, 2 + ending))
    })
}

/// The districts possible at the start, with the number of characters each takes, with or without 시, 군 or 구.
pub(super) fn districts(signs: &[char]) -> impl Iterator<Item = (&'static str, usize)> + '_ {
    let names = DISTRICTS.split_ascii_whitespace().filter(|name| starts_with(signs, name));
    names.flat_map(|name| {
        let length = name.chars().count();
        let ending = signs.get(length).is_some_and(|sign| ['시', '군', '구'].contains(sign));
        [Some((name, length)), ending.then_some((name, length + 1))].into_iter().flatten()
    })
}

pub(super) fn starts_with(signs: &[char], word: &str) -> bool {
    let mut signs = signs.iter();
    word.chars().all(|sign| signs.next() == Some(&sign))
}
