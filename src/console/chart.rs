//! Bar charts as SVG: places and sizes are computed here, and a template draws them.

use serde::Serialize;

/// The drawing's size, in its own units.
const WIDTH: u32 = 720;
pub const HEIGHT: u32 = 200;
/// The room above the bars for the scale's highest value, and below for the labels.
pub const ABOVE: u32 = 20;
pub const BELOW: u32 = 24;

/// Values of one kind, one for each column.
#[derive(Debug)]
pub struct Series {
    label: String,
    values: Vec<u64>,
}

impl Series {
    pub fn new(label: impl Into<String>, values: Vec<u64>) -> Self {
        Self { label: label.into(), values }
    }
}

/// A chart of stacked bars.
#[derive(Debug, Serialize)]
pub struct Chart {
    id: &'static str,
    title: &'static str,
    /// What a screen reader says in place of the drawing; the numbers stand in a table.
    told: String,
    width: u32,
    height: u32,
    base: u32,
    top: u32,
    most: String,
    keys: Vec<Key>,
    pub bars: Vec<Bar>,
    labels: Vec<Label>,
    pub is_empty: bool,
}

#[derive(Debug, Serialize)]
struct Key {
    label: String,
    class: usize,
}

#[derive(Debug, Serialize)]
pub struct Bar {
    pub x: u32,
    pub y: u32,
    width: u32,
    pub height: u32,
    class: usize,
    title: String,
}

#[derive(Debug, Serialize)]
struct Label {
    x: u32,
    y: u32,
    text: String,
}

/// The colours of the style sheet; further series share the last one.
const COLOURS: usize = 6;

impl Chart {
    pub fn new(
        id: &'static str,
        title: &'static str,
        columns: &[String],
        series: &[Series],
        shown: impl Fn(u64) -> String,
    ) -> Self {
        let total = |column: usize| {
            let values = series.iter().filter_map(|one| one.values.get(column).copied());
            values.fold(0_u64, u64::saturating_add)
        };
        let most = (0..columns.len()).map(total).max().unwrap_or_default();
        let (top, base) = (ABOVE, HEIGHT - BELOW);
        let room = u64::from(base - top);
        let count = u32::try_from(columns.len()).unwrap_or(1).max(1);
        let step = WIDTH / count;
        let mut bars = Vec::new();
        for (place, column) in columns.iter().enumerate() {
            let x = u32::try_from(place).unwrap_or_default() * step;
            let mut below = 0_u64;
            for (class, one) in series.iter().enumerate() {
                let value = one.values.get(place).copied().unwrap_or_default();
                let next = below.saturating_add(value);
                // From the sums, so that rounding leaves no gaps.
                let (from, to) = (scaled(below, most, room), scaled(next, most, room));
                below = next;
                if to > from {
                    bars.push(Bar {
                        x: x + step / 8,
                        y: base - to,
                        width: step - step / 4,
                        height: to - from,
                        class: class.min(COLOURS - 1),
                        title: format!("{column}, {}: {}", one.label, shown(value)),
                    });
                }
            }
        }
        let label = |(place, text): (usize, &String)| Label {
            x: u32::try_from(place).unwrap_or_default() * step + step / 2,
            y: HEIGHT - 6,
            text: text.clone(),
        };
        let key =
            |(class, one): (usize, &Series)| Key { label: one.label.clone(), class: class.min(COLOURS - 1) };
        let between = columns.first().zip(columns.last());
        let between = between.map(|(first, last)| format!("{first}부터 {last}까지")).unwrap_or_default();
        Self {
            id,
            title,
            told: format!(
                "{title} 막대 그림. {between}, 가장 많은 때는 {}. 숫자는 아래 표에 있습니다.",
                shown(most)
            ),
            width: WIDTH,
            height: HEIGHT,
            base,
            top,
            most: shown(most),
            keys: series.iter().enumerate().map(key).collect(),
            labels: columns.iter().enumerate().map(label).collect(),
            is_empty: most == 0,
            bars,
        }
    }
}

/// A value on the scale; what is there at all is seen.
fn scaled(value: u64, most: u64, room: u64) -> u32 {
    let scaled = (u128::from(value) * u128::from(room)).checked_div(u128::from(most)).unwrap_or_default();
    let least = u128::from(value > 0);
    u32::try_from(scaled.max(least)).unwrap_or_default()
}
