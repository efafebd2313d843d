//! Contracts of the calendar: days and dates round trip, weeks are ISO's, the Hijri months follow one another.

use marsad::calendar::{Day, Weekday, day_to_hijri, hijri_month, hijri_to_day, hijri_year, month_days};
use proptest::prelude::*;

fn day(iso: &str) -> Day {
    Day::parse(iso).unwrap_or_else(|| panic!("{iso} is no day"))
}

#[test]
fn the_epoch_is_a_thursday() {
    let epoch = Day::new(1970, 1, 1).unwrap();
    assert_eq!(epoch.days_since_epoch(), 0);
    assert_eq!(epoch.weekday(), Weekday::Thursday);
    assert_eq!(Day::new(1, 1, 1), Some(Day::MIN));
    assert_eq!(Day::new(9999, 12, 31), Some(Day::MAX));
}

#[test]
fn what_is_no_date_is_no_day() {
    for (year, month, day) in
        [(2025, 2, 29), (2025, 4, 31), (2025, 13, 1), (2025, 0, 1), (2025, 1, 0), (0, 1, 1), (10_000, 1, 1)]
    {
        assert_eq!(Day::new(year, month, day), None, "{year}-{month}-{day}");
    }
    for text in
        ["", "2025", "2025-3-19", "2025-03-32", "19-03-2025", "2025-03-19x", "٢٠٢٥-٠٣-١٩", "2025/03/19", "+025-03-19"]
    {
        assert_eq!(Day::parse(text), None, "{text}");
    }
    assert_eq!(Day::parse(" 2025-03-19 08:00 "), Day::new(2025, 3, 19));
}

#[test]
fn weeks_are_those_of_iso_8601() {
    // From the standard's own examples and the calendar of 2005 to 2010.
    for (iso, week) in [
        ("2005-01-01", (2004, 53)),
        ("2005-12-31", (2005, 52)),
        ("2007-01-01", (2007, 1)),
        ("2008-12-29", (2009, 1)),
        ("2010-01-03", (2009, 53)),
        ("2025-10-15", (2025, 42)),
    ] {
        assert_eq!(day(iso).iso_week(), week, "{iso}");
    }
}

#[test]
fn hijri_days_are_those_of_umm_al_qura() {
    for (hijri, iso) in [
        ((1446, 9, 1), "2025-03-01"),
        ((1446, 10, 1), "2025-03-30"),
        ((1445, 9, 1), "2024-03-11"),
        ((1436, 10, 19), "2015-08-04"),
        ((1437, 9, 1), "2016-06-06"),
        ((1420, 1, 1), "1999-04-17"),
    ] {
        let (year, month, of_month) = hijri;
        assert_eq!(hijri_to_day(year, month, of_month), Some((day(iso), true)), "{hijri:?}");
        assert_eq!(day_to_hijri(day(iso)), Some(hijri));
    }
    assert_eq!(hijri_month(1437, 9), Some((day("2016-06-06"), day("2016-07-05"))));
    assert!(!hijri_to_day(1390, 1, 1).unwrap().1, "outside 1420 to 1450 the table may be a day off");
    assert_eq!(hijri_to_day(1446, 9, 30), None, "Ramadan 1446 had 29 days");
    for (year, month, of_month) in [(0, 1, 1), (1601, 1, 1), (1446, 13, 1), (1446, 0, 1), (1446, 1, 0), (1446, 1, 31)] {
        assert_eq!(hijri_to_day(year, month, of_month), None);
    }
}

#[test]
fn hijri_months_follow_one_another_without_a_gap() {
    let mut next = hijri_to_day(1, 1, 1).unwrap().0;
    for year in 1..=1600 {
        let start = next;
        for month in 1..=12 {
            let (first, last) = hijri_month(year, month).unwrap();
            // Where the table begins (1300), it and the tabular calendar before it need not meet.
            assert!(first == next || (year, month) == (1300, 1), "{year}-{month}: {first} after {next}");
            let length = last.days_since_epoch() - first.days_since_epoch() + 1;
            assert!((29..=30).contains(&length));
            next = last.add(1);
        }
        let (first, last) = hijri_year(year).unwrap();
        assert!((first == start || year == 1300) && last.add(1) == next, "{year}");
    }
}

proptest! {
    #[test]
    fn days_round_trip(days in Day::MIN.days_since_epoch()..=Day::MAX.days_since_epoch()) {
        let found = Day::from_days(days);
        let (year, month, of_month) = found.civil();
        prop_assert_eq!(Day::new(year, month, of_month), Some(found));
        prop_assert_eq!(Day::parse(&found.to_string()), Some(found));
        prop_assert_eq!(found.add(1).weekday(), if found == Day::MAX { found.weekday() } else { found.weekday().plus(1) });
        prop_assert!(of_month <= month_days(year, month));
    }

    #[test]
    fn arithmetic_stays_in_range(days in any::<i32>(), by in any::<i32>()) {
        let found = Day::from_days(days);
        for moved in [found.add(by), found.add_months(by), found.week_start()] {
            prop_assert!((Day::MIN..=Day::MAX).contains(&moved));
        }
        let (year, week) = found.iso_week();
        prop_assert!((0..=10_000).contains(&year) && (1..=53).contains(&week));
    }

    #[test]
    fn the_nearest_weekday_is_within_a_week(days in -700_000..2_900_000i32, iso in 1u8..=7) {
        let (found, weekday) = (Day::from_days(days), Weekday::from_iso(iso).unwrap());
        let (before, after) = (found.on_or_before(weekday), found.on_or_after(weekday));
        prop_assert!(before.weekday() == weekday && after.weekday() == weekday);
        prop_assert!(before <= found && found <= after && after.days_since_epoch() - before.days_since_epoch() <= 7);
    }

    #[test]
    fn hijri_days_rise(year in 1..1600i32, month in 1u8..=12, of_month in 1u8..=29) {
        let found = hijri_to_day(year, month, of_month).unwrap().0;
        let later = hijri_to_day(year, month, of_month + 1).or_else(|| hijri_to_day(year + i32::from(month == 12), month % 12 + 1, 1));
        prop_assert!(later.is_none_or(|(later, _)| later > found));
    }
}
