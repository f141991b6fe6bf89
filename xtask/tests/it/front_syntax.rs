//! What Python would not compile. The verdicts are those of CPython 3.11.

use xtask::front::Language;
use xtask::front::python::{lower_notebook, syntax_errors};

fn errors(text: &str) -> Vec<String> {
    syntax_errors(Language::Python, text, &[])
        .into_iter()
        .map(|error| format!("{}: {}", error.place, error.message))
        .collect()
}

#[test]
fn await_stands_in_async_functions_only() {
    for text in [
        "async def f():\n    await x",
        "async def f():\n    return [[await x for x in y] for z in w]",
        "async def f():\n    async with a as b:\n        async for c in b: pass",
        // Evaluated where the definition stands.
        "async def f():\n    def g(a=await x): pass",
        "async def f():\n    def g(a: await x) -> await y: pass",
        "async def f():\n    @(await x)\n    def g(): pass",
        "async def f():\n    class A(await x): pass",
        "async def f():\n    return lambda a=await x: a",
        // A generator awaits when somebody runs over it.
        "(await x for x in y)",
        "def f():\n    return (x async for x in y)",
        "async def f():\n    class A:\n        z = (await y for y in x)",
        "(z for x in y for z in await x)",
        "async def f():\n    yield 1\n    return",
        "async def f():\n    def g():\n        yield 1\n    return 2",
        "f(a=1, **b, **c)",
    ] {
        assert_eq!(errors(text), [""; 0], "{text}");
    }
    for (text, message) in [
        ("await x", "line 1: `await`"),
        ("def f():\n    await x", "line 2: `await`"),
        (
            "def f():\n    return [await x for x in y]",
            "line 2: `await`",
        ),
        (
            "def f():\n    return {x async for x in y}",
            "line 2: `async for`",
        ),
        (
            "def f():\n    return {x: 1 async for x in y}",
            "line 2: `async for`",
        ),
        (
            "def f():\n    return (x for x in await y)",
            "line 2: `await`",
        ),
        ("def f():\n    async with a: pass", "line 2: `async with`"),
        (
            "def f():\n    async for a in b: pass",
            "line 2: `async for`",
        ),
        ("async def f(a=await x): pass", "line 1: `await`"),
        (
            "async def f():\n    return lambda: await x",
            "line 2: `await`",
        ),
        (
            "async def f():\n    return lambda: [x async for x in y]",
            "line 2: `async for`",
        ),
        (
            "async def f():\n    class A:\n        x = await y",
            "line 3: `await`",
        ),
        (
            "async def f():\n    class A:\n        z = [await y for y in x]",
            "line 3: `await`",
        ),
        (
            "async def f():\n    def g():\n        await x",
            "line 3: `await`",
        ),
        ("f'{await x}'", "line 1: `await`"),
    ] {
        let expected = format!("{message} outside of an async function");
        assert_eq!(errors(text), [expected], "{text}");
    }
}

#[test]
fn an_async_function_is_no_plain_generator() {
    for (text, error) in [
        (
            "async def f():\n    yield from x",
            "line 2: `yield from` in an async function",
        ),
        (
            "async def f():\n    if x:\n        return 1\n    yield 2",
            "line 3: `return` with a value in an async generator",
        ),
        ("f(a=1, b=2, a=3)", "line 1: the argument `a` is repeated"),
    ] {
        assert_eq!(errors(text), [error], "{text}");
    }
}

#[test]
fn what_does_not_parse_and_what_is_too_new_are_errors() {
    assert!(errors("a = (\nb")[0].contains("line "));
    let newer = errors("a = f'{x['y']}'\nb = f'{x['y']}'\n");
    assert_eq!(newer.len(), 1, "{newer:?}");
    assert!(
        newer[0].contains("line 1: ") && newer[0].contains("3.12"),
        "{newer:?}"
    );
}

#[test]
fn a_notebook_awaits_at_its_top() {
    let json = r#"{"cells":[{"cell_type":"code","source":"%pip install lancedb\nx = await y"},
        {"cell_type":"code","source":["async with a: pass\n","[x async for x in y]\n","class A:\n","    x = await y"]}]}"#;
    let module = lower_notebook(json).unwrap();
    let errors = syntax_errors(Language::Notebook, &module.text, &module.cells);
    assert_eq!(errors.len(), 1);
    assert_eq!(errors[0].place, "cell 2, line 4");
}
