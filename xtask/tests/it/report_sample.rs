//! A report made by hand, with one of everything.

use std::collections::BTreeMap;

use xtask::finding::*;
use xtask::report::RuleInfo;

/// The rules that the sample names.
pub(crate) const RULES: [RuleInfo; 4] = [
    RuleInfo {
        id: "LB003",
        name: "open-table",
        title: "open_table is a coroutine",
        help: "Await it.\n\n```python\nawait db.open_table(\"t\")\n```\n",
        kind: "sync-to-async",
    },
    RuleInfo {
        id: "LB010",
        name: "scan-limit",
        title: "a scan without a limit gives all rows",
        help: "Say `.limit(10)`.\n",
        kind: "semantics",
    },
    RuleInfo {
        id: "LB020",
        name: "len",
        title: "`len(table)` is gone",
        help: "Use `count_rows`.\n",
        kind: "operator-removed",
    },
    RuleInfo {
        id: "LB099",
        name: "unused",
        title: "a rule without findings",
        help: "Nothing.\n",
        kind: "removed",
    },
];

/// A proven, breaking use of `open_table`.
pub(crate) fn finding(path: &str, line: u32, excerpt: &str, name: &str) -> Finding {
    let at = excerpt.find(name).expect("the name is in the excerpt");
    let column = excerpt[..at].chars().count() as u32 + 1;
    Finding {
        path: path.to_owned(),
        cell: None,
        line,
        column,
        end_line: line,
        end_column: column + name.chars().count() as u32,
        rule: "LB003".to_owned(),
        kind: "sync-to-async".to_owned(),
        symbol: "Connection.open_table".to_owned(),
        variant: None,
        message: "`open_table` is a coroutine".to_owned(),
        replacement: Some("await db.open_table(\"docs\")".to_owned()),
        confidence: Confidence::Proven,
        effect: Effect::Breaks,
        cases: vec![],
        fix: Fix {
            safety: Safety::Safe,
            reason: "the same call, awaited".to_owned(),
        },
        hazards: vec![],
        function: None,
        fingerprint: format!("{:016x}", u64::from(line) * 31 + path.len() as u64),
        excerpt: excerpt.to_owned(),
    }
}

fn case(id: &str, effect: Effect, title: &str, legacy: &str, new: &str) -> Case {
    Case {
        id: id.to_owned(),
        effect,
        title: title.to_owned(),
        legacy: legacy.to_owned(),
        new: new.to_owned(),
    }
}

fn findings() -> Vec<Finding> {
    let init = Finding {
        function: Some("Store.__init__".to_owned()),
        hazards: vec![Hazard::Init],
        ..finding(
            "src/app, v1/store.py",
            12,
            "        self.table = db.open_table(\"docs\")",
            "open_table",
        )
    };
    let scan = Finding {
        rule: "LB010".to_owned(),
        kind: "semantics".to_owned(),
        symbol: "ScanQuery.to_list".to_owned(),
        message: "a scan without a limit gives all rows".to_owned(),
        replacement: Some("await self.table.query().to_list()".to_owned()),
        effect: Effect::Silent,
        confidence: Confidence::Likely,
        cases: vec![
            case(
                "G05",
                Effect::Silent,
                "scan without limit",
                "10 rows",
                "all rows",
            ),
            case(
                "C10",
                Effect::Breaks,
                "a query object is not a list of rows, and cannot be counted or sliced",
                "a list of dictionaries, in the order in which the rows were written",
                "a coroutine, which must be awaited before anything can be done with it",
            ),
        ],
        fix: Fix {
            safety: Safety::Unsafe,
            reason: "the old call stopped at 10 rows".to_owned(),
        },
        hazards: vec![Hazard::BlocksEventLoop, Hazard::Generator],
        function: Some("Store.rows".to_owned()),
        // A tab and a wide character stand before the name.
        ..finding(
            "src/app, v1/store.py",
            30,
            "\tyield \"日本\", self.table.search().to_list()",
            "to_list",
        )
    };
    let length = Finding {
        rule: "LB020".to_owned(),
        kind: "operator-removed".to_owned(),
        symbol: "Table.__len__".to_owned(),
        message: "`len(table)` is gone: 100%,\nsee <script>alert(1)</script>".to_owned(),
        replacement: None,
        effect: Effect::None,
        confidence: Confidence::Possible,
        fix: Fix {
            safety: Safety::None,
            reason: "the receiver is not known".to_owned(),
        },
        function: Some("</script><script>alert(2)</script>".to_owned()),
        hazards: vec![Hazard::SyncCallback],
        ..finding(
            "src/util.py",
            3,
            "n = len(rows[0](1))  # <!-- <script> \u{1b}[31m",
            "len",
        )
    };
    let notebook = Finding {
        cell: Some(3),
        rule: "LB404".to_owned(),
        replacement: Some(
            "db = await lancedb.connect_async(\"./db\")\ntable = await db.open_table(\"docs\")"
                .to_owned(),
        ),
        hazards: vec![Hazard::ModuleLevel],
        ..finding(
            "notebooks/demo 100%.ipynb",
            1,
            "t = open_table(\"docs\")",
            "open_table",
        )
    };
    vec![notebook, init, scan, length]
}

fn tally(keys: impl Iterator<Item = String>) -> BTreeMap<String, usize> {
    keys.fold(BTreeMap::new(), |mut counts, key| {
        *counts.entry(key).or_default() += 1;
        counts
    })
}

/// A report of the given findings and nothing else.
pub(crate) fn report_of(findings: Vec<Finding>) -> Report {
    let word = |value: serde_json::Value| value.as_str().expect("a word").to_owned();
    Report {
        version: 1,
        type_references: vec![],
        unaudited: vec![],
        notices: vec![],
        async_map: AsyncMap::default(),
        summary: Summary {
            files: 120,
            parsed: 4,
            bytes: 1_234_567,
            by_rule: tally(findings.iter().map(|finding| finding.rule.clone())),
            by_effect: tally(
                findings
                    .iter()
                    .map(|finding| word(serde_json::json!(finding.effect))),
            ),
            by_confidence: tally(
                findings
                    .iter()
                    .map(|finding| word(serde_json::json!(finding.confidence))),
            ),
            sync_uses: findings.len(),
            async_uses: 0,
            percent_migrated: (!findings.is_empty()).then_some(0.0),
            async_functions: vec![],
            baselined: 0,
            suppressed: 0,
            versions: Versions {
                from: "0.14.0".to_owned(),
                from_source: "requirements.txt".to_owned(),
                to: "0.40.0".to_owned(),
            },
        },
        findings,
    }
}

/// The sample.
pub(crate) fn sample() -> Report {
    let mut report = report_of(findings());
    let reference = |path: &str, cell, line, symbol: &str, new: Option<&str>| TypeReference {
        path: path.to_owned(),
        cell,
        line,
        column: 1,
        symbol: symbol.to_owned(),
        replacement: new.map(str::to_owned),
    };
    report.type_references = vec![
        reference(
            "notebooks/demo 100%.ipynb",
            Some(2),
            4,
            "LanceTable",
            Some("AsyncTable"),
        ),
        reference(
            "src/app, v1/store.py",
            None,
            3,
            "LanceTable",
            Some("AsyncTable"),
        ),
        reference(
            "src/app, v1/store.py",
            None,
            9,
            "LanceTable",
            Some("AsyncTable"),
        ),
        reference("src/app, v1/store.py", None, 11, "LanceQueryBuilder", None),
    ];
    report.unaudited = vec![Unaudited {
        path: "src/old:2.py".to_owned(),
        reason: "Python 2: print statement in line 7".to_owned(),
    }];
    report.notices = vec![Notice {
        path: "src/util.py".to_owned(),
        line: 8,
        message: "the suppression of LB003 gives no reason".to_owned(),
    }];
    let function = |line: u32, function: String, blockers| AsyncFunction {
        path: "src/app, v1/store.py".to_owned(),
        line,
        function,
        findings: 1,
        blockers,
    };
    let summary = &mut report.summary;
    summary.async_functions = vec![function(
        11,
        "Store.__init__".to_owned(),
        vec![Hazard::Init],
    )];
    summary
        .async_functions
        .extend((1..=22).map(|at| function(20 + at, format!("Store.rows{at}"), vec![])));
    (
        summary.sync_uses,
        summary.async_uses,
        summary.percent_migrated,
    ) = (7, 3, Some(30.0));
    (summary.baselined, summary.suppressed) = (2, 1);
    report
}
