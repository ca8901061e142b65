//! The description of the interface as a page to read: made from the OpenAPI document alone, so that it says what
//! `GET /v1/openapi.json` says. Plain HTML, without a script, and nothing from elsewhere.

use std::sync::LazyLock;

use askama::Template;
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse as _, Response};
use serde_json::{Map, Value};

use super::openapi::openapi;

/// What the page may load: the style that the console serves at the same address.
const CONTENT_SECURITY_POLICY: &str =
    "default-src 'none'; style-src 'self'; img-src 'self'; frame-ancestors 'none'; base-uri 'none'";
/// Alternatives that stand in one line; more are listed.
const ALTERNATIVES_IN_LINE: usize = 4;

/// A part of a line.
struct Piece {
    text: String,
    form: Form,
}

/// How a part of a line stands there.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Form {
    Plain,
    /// A word of the interface.
    Code,
    /// The name of a schema on the same page.
    Link,
}

impl Form {
    fn is_code(self) -> bool {
        self == Self::Code
    }

    fn is_link(self) -> bool {
        self == Self::Link
    }
}

type Line = Vec<Piece>;

/// A member of an object, or a parameter.
struct Member {
    name: String,
    needed: bool,
    kind: Line,
    about: Line,
}

/// A schema by its name, or one of its alternatives.
struct Schema {
    name: String,
    about: Line,
    /// In one line, where it has neither members nor alternatives.
    kind: Line,
    members: Vec<Member>,
    alternatives: Vec<Schema>,
}

/// A body that is sent, or a reply.
struct Content {
    status: String,
    about: Line,
    media: String,
    kind: Line,
}

struct Operation {
    id: String,
    method: String,
    path: String,
    summary: String,
    about: Line,
    parameters: Vec<Member>,
    body: Option<Content>,
    replies: Vec<Content>,
}

/// Operations on one kind of thing.
struct Group {
    name: String,
    operations: Vec<Operation>,
}

/// A kind of problem.
struct Problem {
    code: String,
    status: String,
    title: String,
}

#[derive(Template)]
#[template(path = "interface.html")]
struct Interface {
    groups: Vec<Group>,
    problems: Vec<Problem>,
    schemas: Vec<Schema>,
}

#[derive(Template)]
#[template(path = "interface_page.html")]
struct InterfacePage<'a> {
    interface: &'a str,
}

/// The description as HTML, for a page to put something around it.
pub fn interface_html() -> &'static str {
    static HTML: LazyLock<String> = LazyLock::new(|| {
        let html = read(&openapi()).render();
        html.expect("what a template of text needs is there")
    });
    &HTML
}

pub(super) async fn show() -> Response {
    let page = InterfacePage { interface: interface_html() };
    let html = page.render().expect("what a template of text needs is there");
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8")),
        (header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(CONTENT_SECURITY_POLICY)),
    ];
    (headers, html).into_response()
}

fn read(document: &Value) -> Interface {
    let mut groups: Vec<Group> = Vec::new();
    for (path, methods) in object(document, "/paths") {
        for (method, described) in object(methods, "") {
            let name = path.trim_start_matches("/v1/").split(['/', '.']).next().unwrap_or_default();
            let operation = operation(document, method, path, described);
            match groups.iter_mut().find(|group| group.name == name) {
                Some(group) => group.operations.push(operation),
                None => groups.push(Group { name: name.to_owned(), operations: vec![operation] }),
            }
        }
    }
    let problem = |known: &Value| Problem {
        code: text(known, "code"),
        status: known.get("status").map(Value::to_string).unwrap_or_default(),
        title: text(known, "title"),
    };
    let problems = list(document, "x-problems").map(problem).collect();
    let schemas = object(document, "/components/schemas");
    let schemas = schemas.map(|(name, of)| schema(name.clone(), of)).collect();
    Interface { groups, problems, schemas }
}

fn list<'a>(value: &'a Value, name: &str) -> impl Iterator<Item = &'a Value> {
    value.get(name).and_then(Value::as_array).into_iter().flatten()
}

/// The members of an object at a place of a document (RFC 6901); the empty place is the document.
fn object<'a>(value: &'a Value, place: &str) -> impl Iterator<Item = (&'a String, &'a Value)> {
    value.pointer(place).and_then(Value::as_object).into_iter().flat_map(Map::iter)
}

fn text(value: &Value, name: &str) -> String {
    value.get(name).and_then(Value::as_str).unwrap_or_default().to_owned()
}

/// What a `$ref` leads to, or the value itself.
fn followed<'a>(document: &'a Value, value: &'a Value) -> &'a Value {
    let to = value["$ref"].as_str().and_then(|to| document.pointer(to.strip_prefix('#')?));
    to.unwrap_or(value)
}

fn operation(document: &Value, method: &str, path: &str, described: &Value) -> Operation {
    let parameters = list(described, "parameters").map(|parameter| {
        let parameter = followed(document, parameter);
        let mut about = prose(&text(parameter, "description"));
        about.insert(0, plain(format!("In the {}. ", text(parameter, "in"))));
        let needed = parameter["required"] == true;
        Member { name: text(parameter, "name"), needed, kind: kind(&parameter["schema"]), about }
    });
    let content = |status: &str, of: &Value| {
        let of = followed(document, of);
        let (media, kind) = match object(of, "/content").next() {
            Some((media, body)) => (media.clone(), kind(&body["schema"])),
            None => (String::new(), Vec::new()),
        };
        Content { status: status.to_owned(), about: prose(&text(of, "description")), media, kind }
    };
    let body = described.get("requestBody").map(|body| content("", body));
    let replies = object(described, "/responses").map(|(status, reply)| content(status, reply)).collect();
    Operation {
        id: text(described, "operationId"),
        method: method.to_uppercase(),
        path: path.to_owned(),
        summary: text(described, "summary"),
        about: prose(&text(described, "description")),
        parameters: parameters.collect(),
        body,
        replies,
    }
}

fn schema(name: String, of: &Value) -> Schema {
    let needed = |member: &String| list(of, "required").any(|name| name == member);
    let members = object(of, "/properties").map(|(member, value)| Member {
        name: member.clone(),
        needed: needed(member),
        kind: kind(value),
        about: prose(&text(value, "description")),
    });
    let members: Vec<Member> = members.collect();
    let known = ["oneOf", "anyOf"].iter().find_map(|name| of.get(*name)?.as_array());
    let alternatives = known.into_iter().flatten().map(|one| {
        let name = one["const"].as_str().or(one["title"].as_str()).unwrap_or_default();
        schema(name.to_owned(), one)
    });
    let alternatives: Vec<Schema> = alternatives.collect();
    let is_word = of.get("const").is_some();
    let says_more = !members.is_empty() || !alternatives.is_empty() || is_word;
    let kind = if says_more { Vec::new() } else { kind(of) };
    Schema { name, about: prose(&text(of, "description")), kind, members, alternatives }
}

/// A schema in one line.
fn kind(of: &Value) -> Line {
    if let Some(to) = of["$ref"].as_str() {
        let name = to.rsplit('/').next().unwrap_or_default().to_owned();
        return vec![Piece { text: name, form: Form::Link }];
    }
    if let Some(word) = of.get("const") {
        return vec![Piece { text: word.to_string(), form: Form::Code }];
    }
    if let Some(known) = ["oneOf", "anyOf"].iter().find_map(|name| of.get(*name)?.as_array()) {
        if known.len() > ALTERNATIVES_IN_LINE {
            return vec![plain("one of several")];
        }
        let mut line = Vec::new();
        for one in known {
            if !line.is_empty() {
                line.push(plain(" or "));
            }
            line.extend(kind(one));
        }
        return line;
    }
    let types: Vec<&str> = match &of["type"] {
        Value::String(one) => vec![one],
        Value::Array(several) => several.iter().filter_map(Value::as_str).collect(),
        _ => return vec![plain("anything")],
    };
    let mut line = Vec::new();
    for name in types {
        if !line.is_empty() {
            line.push(plain(" or "));
        }
        match name {
            "array" => {
                line.push(plain("list of "));
                line.extend(kind(&of["items"]));
            }
            "object" if of["additionalProperties"].is_object() => {
                line.push(plain("names with "));
                line.extend(kind(&of["additionalProperties"]));
            }
            name => line.push(plain(name)),
        }
    }
    for (word, name) in [("at least", "minimum"), ("at most", "maximum"), ("form", "pattern")] {
        if let Some(bound) = of.get(name).filter(|bound| !bound.is_null()) {
            let bound = bound.as_str().map_or_else(|| bound.to_string(), str::to_owned);
            line.push(plain(format!(", {word} ")));
            line.push(Piece { text: bound, form: Form::Code });
        }
    }
    line
}

fn plain(text: impl Into<String>) -> Piece {
    Piece { text: text.into(), form: Form::Plain }
}

/// A text in which words of the interface stand between backticks.
fn prose(text: &str) -> Line {
    let text = text.replace("[`", "`").replace("`]", "`");
    let parts = text.split('`').zip([Form::Plain, Form::Code].into_iter().cycle());
    parts
        .filter(|(part, _)| !part.is_empty())
        .map(|(part, form)| Piece { text: part.to_owned(), form })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What a reader sees of a page.
    fn seen(html: &str) -> String {
        let tag = regex::Regex::new("<[^>]*>").unwrap();
        let text = tag.replace_all(html, "").replace("&#60;", "<").replace("&#62;", ">");
        text.replace("&#38;", "&").replace("&#34;", "\"").replace("&#39;", "'")
    }

    #[test]
    fn the_page_says_what_the_document_says() {
        let (document, html) = (openapi(), interface_html());
        let text = seen(html);
        let mut operations = 0;
        for (path, methods) in object(&document, "/paths") {
            for (method, described) in object(methods, "") {
                operations += 1;
                let id = described["operationId"].as_str().unwrap();
                let begins = format!("<details class=\"operation\" id=\"{id}\">");
                let of = html.split(&begins).nth(1).unwrap_or_else(|| panic!("{id} is not on the page"));
                let of = seen(of.split("</details>").next().unwrap());
                assert!(of.contains(&format!("{} {path}", method.to_uppercase())), "{id}: {of}");
                for said in ["summary", "description"] {
                    let said = super::text(described, said).replace('`', "");
                    assert!(of.contains(&said), "{id}: {said} in {of}");
                }
                for parameter in list(described, "parameters") {
                    let parameter = super::followed(&document, parameter);
                    assert!(of.contains(parameter["name"].as_str().unwrap()), "{id}: {of}");
                    let about = super::text(parameter, "description").replace('`', "");
                    assert!(of.contains(&about), "{id}: {about} in {of}");
                }
                for (status, _) in object(described, "/responses") {
                    assert!(of.contains(status), "{id}: {status} in {of}");
                }
            }
        }
        assert!(operations > 40, "{operations}");
        for (name, of) in object(&document, "/components/schemas") {
            assert!(html.contains(&format!("id=\"schema-{name}\"")), "{name}");
            for (member, _) in object(of, "/properties") {
                assert!(text.contains(member), "{name}: {member}");
            }
        }
        let problems: Vec<&Value> = list(&document, "x-problems").collect();
        assert!(problems.len() > 50, "{}", problems.len());
        for problem in problems {
            assert!(text.contains(problem["code"].as_str().unwrap()), "{problem}");
        }
    }

    #[test]
    fn every_link_leads_somewhere_on_the_page() {
        let html = interface_html();
        let links = html.split("href=\"").skip(1).map(|rest| rest.split('"').next().unwrap());
        let mut found = 0;
        for link in links {
            let to = link.strip_prefix('#').unwrap_or_else(|| panic!("{link} leads away"));
            assert!(html.contains(&format!("id=\"{to}\"")), "{link}");
            found += 1;
        }
        assert!(found > 200, "{found}");
        assert!(!html.contains("<script") && !html.contains("style="), "the page needs neither");
    }

    #[test]
    fn what_stands_in_the_document_is_escaped() {
        let hostile = serde_json::json!({
            "paths": {"/v1/<b>": {"get": {
                "operationId": "a", "summary": "<img src=x>", "description": "`<i>`", "parameters": [], "responses": {},
            }}},
            "x-problems": [],
            "components": {"schemas": {}},
        });
        let html = read(&hostile).render().unwrap();
        assert!(!html.contains("<img") && !html.contains("<i>") && !html.contains("<b>"), "{html}");
    }
}
