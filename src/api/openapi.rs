//! The description of the interface (OpenAPI 3.1), made from the table of operations and from the types themselves.

use std::sync::LazyLock;

use axum::http::header;
use axum::response::{IntoResponse as _, Response};
use schemars::SchemaGenerator;
use schemars::generate::SchemaSettings;
use serde_json::{Map, Value, json};

use super::operation::{Gives, Need, Operation, Parameter};
use super::operations::OPERATIONS;
use super::problem::{Kind, PROBLEM_JSON, Problem};
use super::table::{KINDS, REFUSALS, refusal_kind};
use crate::limits::{API_BODY_BYTES_MAX, IDEMPOTENCY_KEY_BYTES_MAX, IMPORT_BYTES_MAX};

/// The whole description. `docs/openapi.json` is a copy of it, which a test keeps equal.
pub fn openapi() -> Value {
    let settings = SchemaSettings::draft2020_12().with(|settings| {
        settings.definitions_path = "/components/schemas".into();
        settings.meta_schema = None;
    });
    let mut generator = settings.into_generator();
    let problem = generator.subschema_for::<Problem>().to_value();
    let mut paths: Map<String, Value> = Map::new();
    for operation in OPERATIONS.iter().filter(|operation| operation.need != Need::Socket) {
        let path = operation.path.replace("{*", "{");
        let described = described(operation, &mut generator);
        if let Value::Object(methods) = paths.entry(path).or_insert_with(|| json!({})) {
            methods.insert(operation.method.to_lowercase(), described);
        }
    }
    let schemas = generator.take_definitions(true);
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": "Tallystick",
            "version": "1",
            "summary": "A lender's node: consents, inquiries, the loan book, disputes, the log",
            "license": { "name": "Apache-2.0", "identifier": "Apache-2.0" },
        },
        "servers": [{ "url": "/" }],
        "security": [{ "token": [] }],
        "paths": paths,
        "x-problems": problems(),
        "components": {
            "schemas": schemas,
            "responses": responses(&problem),
            "parameters": { "IdempotencyKey": idempotency_key() },
            "securitySchemes": {
                "token": { "type": "http", "scheme": "bearer", "description": "An access token; `tally token issue` gives one out" },
            },
        },
    })
}

/// The header under which a request is done once, however often it is sent.
fn idempotency_key() -> Value {
    let pattern = format!("^[!-~]{{1,{IDEMPOTENCY_KEY_BYTES_MAX}}}$");
    json!({
        "name": "Idempotency-Key", "in": "header", "required": false,
        "description": "A random number of the caller's for one request: sent again with it, the request is not done again, \
                        and the first reply is given for a day",
        "schema": { "type": "string", "pattern": pattern },
    })
}

/// What every operation may give beside a success, by name.
fn responses(problem: &Value) -> Value {
    let given =
        |about: String| json!({ "description": about, "content": { PROBLEM_JSON: { "schema": problem } } });
    json!({
        "Problem": given("A problem (RFC 9457); `code` says which".to_owned()),
        "UnknownCaller": given("No access token in force was shown: `unknown-caller`".to_owned()),
        "Forbidden": given("The token's scope does not name the right: `forbidden`".to_owned()),
        "BodyTooLarge": given(format!("The body has more than {API_BODY_BYTES_MAX} bytes: `too-large`")),
        "FileTooLarge": given(format!("The file has more than {IMPORT_BYTES_MAX} bytes: `too-large`")),
    })
}

/// Every kind of problem: the stable code, its status, and what it means.
fn problems() -> Vec<Value> {
    let known = KINDS.iter().copied().chain(REFUSALS.map(refusal_kind));
    let mut known: Vec<Kind> = known.collect();
    known.sort_by_key(|kind| (kind.status, kind.code));
    let one = |kind: &Kind| json!({ "code": kind.code, "status": kind.status, "title": kind.title });
    known.iter().map(one).collect()
}

fn described(operation: &Operation, generator: &mut SchemaGenerator) -> Value {
    let mut parameters = Vec::new();
    for name in in_path(operation.path) {
        let schema = json!({ "type": "string" });
        parameters.push(json!({ "name": name, "in": "path", "required": true, "schema": schema }));
    }
    for Parameter { name, shape, about, is_needed } in operation.query {
        let schema = shape(generator).to_value();
        parameters.push(json!({
            "name": name, "in": "query", "required": is_needed, "description": about, "schema": schema,
        }));
    }
    if operation.takes_json() {
        parameters.push(json!({ "$ref": "#/components/parameters/IdempotencyKey" }));
    }
    let content = |gives: Gives, generator: &mut SchemaGenerator| match gives {
        Gives::Json(shape) => json!({ "application/json": { "schema": shape(generator).to_value() } }),
        Gives::Bytes(kind) => json!({ kind: { "schema": {} } }),
    };
    let given = content(operation.gives, generator);
    let problem = |name: &str| json!({ "$ref": format!("#/components/responses/{name}") });
    let done = operation.status.to_string();
    let mut responses = vec![(done, json!({ "description": "Done", "content": given }))];
    let mut may_give = |status: &str, name| responses.push((status.to_owned(), problem(name)));
    may_give("401", "UnknownCaller");
    if matches!(operation.need, Need::Right(_)) {
        may_give("403", "Forbidden");
    }
    match operation.body {
        Some(Gives::Json(_)) => may_give("413", "BodyTooLarge"),
        Some(Gives::Bytes(_)) => may_give("413", "FileTooLarge"),
        None => {}
    }
    may_give("default", "Problem");
    let responses: Value = responses.into_iter().collect();
    let mut described = vec![
        ("operationId", operation_id(operation).into()),
        ("summary", operation.summary.into()),
        ("parameters", parameters.into()),
        ("responses", responses),
    ];
    if let Need::Right(right) = operation.need {
        described.push(("description", format!("Takes the right `{right}`.").into()));
    }
    if let Some(body) = operation.body {
        described.push(("requestBody", json!({ "required": true, "content": content(body, generator) })));
    }
    described.into_iter().collect()
}

/// Names in braces.
fn in_path(path: &str) -> Vec<&str> {
    let parts = path.split('/').filter_map(|part| part.strip_prefix('{')?.strip_suffix('}'));
    parts.map(|name| name.trim_start_matches('*')).collect()
}

/// `post-consents-consent-withdraw`.
fn operation_id(operation: &Operation) -> String {
    let words = operation.path.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
    let words = words.filter(|word| *word != "v1").collect::<Vec<_>>().join("-");
    format!("{}-{words}", operation.method.to_lowercase())
}

pub(super) async fn show() -> Response {
    static TEXT: LazyLock<String> = LazyLock::new(|| openapi().to_string());
    ([(header::CONTENT_TYPE, "application/json")], TEXT.as_str()).into_response()
}
