use misread::console::alarms::nearly_full;
use misread::ports::Disk;

#[test]
fn a_disk_with_little_room_is_an_alarm_and_one_with_enough_is_none() {
    let with = |free| nearly_full(Disk { ledger: 5 << 20, free }).map(|alarm| alarm.what);
    let told = with(Disk::LITTLE - 1).unwrap();
    assert!(told.contains("거의 찼습니다") && told.contains("1023MB"), "{told}");
    assert_eq!(with(Disk::LITTLE), None);
}
