use misread::domain::policy::{Condition, InputValue, Policy, Row, Sheet, TableName, Then, Word};

/// One value for each input of a table.
type Situation = Vec<(Word, Word)>;

fn policy() -> Policy {
    Policy::parse(include_str!("../../../../config/policy.toml")).unwrap()
}

/// All situations that a table's inputs can describe.
fn situations(policy: &Policy, table: TableName) -> Vec<Situation> {
    policy.inputs(table).into_iter().fold(vec![Vec::new()], |shorter, input| {
        let longer = |start: &Situation| -> Vec<Situation> {
            let with = |value| start.iter().copied().chain([(input, value)]).collect();
            policy.values(input.code).into_iter().map(with).collect()
        };
        shorter.iter().flat_map(longer).collect()
    })
}

/// The row of this table that decides the situation; `rest` is any situation of the other table, which leads to this one.
fn row_for<'a>(policy: &'a Policy, table: TableName, situation: &Situation, rest: &Situation) -> &'a Row {
    let given = |(input, value): &(Word, Word)| InputValue {
        name: input.code.to_owned(),
        value: value.code.to_owned(),
        source: String::new(),
        against: Vec::new(),
        not_understood: Vec::new(),
    };
    let inputs: Vec<InputValue> = situation.iter().chain(rest).map(given).collect();
    let told = policy.explain(&inputs).unwrap();
    let row = told.gate.filter(|gate| gate.table == table).unwrap_or(told.row);
    assert_eq!(row.table, table, "{situation:?}");
    row
}

/// The row that a sheet shows for a situation, which exactly one cell holds.
fn shown<'a>(sheets: &'a [Sheet<'a>], situation: &Situation) -> Vec<&'a str> {
    let value = |input: &Word| situation.iter().find(|(known, _)| known == input).map(|(_, value)| *value);
    let is = |input: &Word, values: &[Word]| value(input).is_some_and(|value| values.contains(&value));
    let fits = |condition: &Condition| is(&condition.input, &condition.values);
    let holds = |column: &Vec<Vec<Condition>>| column.iter().any(|line| line.iter().all(fits));
    let mut found = Vec::new();
    for sheet in sheets.iter().filter(|sheet| is(&sheet.input, &sheet.values)) {
        for line in sheet.lines.iter().filter(|line| is(&sheet.by, &line.values)) {
            let cells = sheet.columns.iter().zip(&line.cells).filter(|(column, _)| holds(column));
            found.extend(cells.map(|(_, row)| row.id.as_str()));
        }
    }
    found
}

#[test]
fn every_situation_stands_in_one_cell_with_the_row_that_decides_it() {
    let policy = policy();
    let [consultation, decision] =
        [TableName::Consultation, TableName::Decision].map(|name| situations(&policy, name));
    let passes_on = |situation: &&Situation| {
        row_for(&policy, TableName::Consultation, situation, &decision[0]).then == Then::Decide
    };
    let open = consultation.iter().find(passes_on).unwrap();
    for (name, all, rest, count) in [
        (TableName::Consultation, &consultation, &decision[0], 450),
        (TableName::Decision, &decision, open, 1_350),
    ] {
        let sheets = policy.map(name);
        assert_eq!(all.len(), count);
        for situation in all {
            let row = row_for(&policy, name, situation, rest);
            assert_eq!(shown(&sheets, situation), [row.id.as_str()], "{situation:?}");
        }
    }
}

#[test]
fn what_is_decided_alike_is_shown_once() {
    let policy = policy();
    for name in TableName::ALL {
        let sheets = policy.map(*name);
        let cells: usize = sheets.iter().map(|sheet| sheet.lines.len() * sheet.columns.len()).sum();
        let widest = sheets.iter().map(|sheet| sheet.columns.len()).max().unwrap();
        assert!(cells <= 130 && widest <= 11, "{}: {cells} cells, {widest} columns", name.code());
    }
}
